# My day: the worklist.
nav-my-day = My day
my-day-overdue = { $n } overdue
my-day-due-today =
    { $n ->
        [one] 1 due today
       *[other] { $n } due today
    }
my-day-clocks-today =
    { $n ->
        [one] 1 clock that ends today
       *[other] { $n } clocks that end today
    }
my-day-week =
    { $n ->
        [one] 1 in the next 7 days
       *[other] { $n } in the next 7 days
    }
my-day-and = and
my-day-nothing = Nothing is due in the next 7 days.
my-day-lists = Worklists
my-day-mine = Mine
my-day-team = Team
my-day-unassigned = Unassigned
my-day-filters = Filter by kind
my-day-all-kinds = All kinds
my-day-clocks = Clocks running
my-day-all-clocks = All clocks
my-day-drafts = Drafts to finish
my-day-drafts-kept = kept for 30 days
my-day-draft-saved = saved { $of }
my-day-changed = Changed { $at } by { $who }
my-day-any-day = Any day
my-day-any-language = Any language
my-day-sort-due = Order: due first
my-day-sort-kind = Order: by kind
my-day-sort-who = Order: by name
my-day-clear = Clear all
bulk-do-finish = Mark done
bulk-do-move = Change the date
bulk-do-hand-over = Hand over
bulk-finish =
    { $n ->
        [one] Mark 1 task done
       *[other] Mark { $n } tasks done
    }
bulk-move =
    { $n ->
        [one] Change the date of 1 task
       *[other] Change the date of { $n } tasks
    }
bulk-hand-over =
    { $n ->
        [one] Hand 1 task over
       *[other] Hand { $n } tasks over
    }
bulk-outcome = What came of it?
bulk-outcome-hint = The same words stand in the history of each task.
bulk-none = No task is chosen
bulk-none-why = Tick the tasks on My day first. Calls and visits after the hospital are done one by one, on their own pages.
bulk-finished =
    { $n ->
        [one] Done: 1 task
       *[other] Done: { $n } tasks
    }
bulk-moved =
    { $n ->
        [one] New date: 1 task
       *[other] New date: { $n } tasks
    }
bulk-handed-over =
    { $n ->
        [one] Handed over: 1 task
       *[other] Handed over: { $n } tasks
    }
bulk-undone =
    { $n ->
        [one] Undone: 1 task stands as before
       *[other] Undone: { $n } tasks stand as before
    }
bulk-failed =
    { $n ->
        [one] 1 task was not changed
       *[other] { $n } tasks were not changed
    }
views-save = Save this view
views-title = Your views
views-why = A view keeps the filters of My day under a name, for you alone.
views-own = Saved
view-name = Name of the view
view-name-hint = For example: Calls in Spanish
view-name-missing = Give the view a name
view-name-long = Use at most 40 letters
view-name-taken = Another view has this name
view-too-many = Delete a view first: there is room for 12
view-save-do = Save view
view-saved = Saved: { $name }.
view-deleted = Deleted: { $name }.
view-is-first = opens first
view-make-first = Open My day with it
view-no-first = Open My day with your own list again
view-first-saved = Saved. My day opens that way now.
view-new-name = New name for { $of }
view-rename = Rename
view-delete = Delete
my-day-nobody = Nobody yet
my-day-empty = Nothing to do here
my-day-empty-why = What becomes due shows up here by itself, also when a file from the EHR brings it.
my-day-group-overdue = Overdue
my-day-group-today = Due today
my-day-group-week = Next 7 days
my-day-group-later = Later
my-day-more =
    { $n ->
        [one] Show 1 more
       *[other] Show { $n } more
    }
my-day-glance = At a glance
my-day-news = New since yesterday
news-moved-admitted = In the hospital
news-moved-expected = Expected to come home
news-moved-home = Home from the hospital
news-moved-emergency = Home from the emergency room
news-moved-facility = Gone to a facility
news-moved-finished = Thirty days at home
news-moved-readmitted = In the hospital again
news-moved-deceased = Died
news-moved-hospice = In hospice
news-moved-declined = Wants no follow-up
news-moved-lost = Could not be reached
news-moved-withdrawn = Admission withdrawn
news-moved-duplicate = Two stays were one
news-open-transition = Open transition
news-intake = Intake, { $of }
news-files =
    { $files ->
        [one] 1 file
       *[other] { $files } files
    }, { $facts ->
        [one] 1 new fact.
       *[other] { $facts } new facts.
    }
news-many-files = More than { $n } files since yesterday.
news-see-files = See the files
news-set-aside = Set aside
news-set-aside-files =
    { $n ->
        [one] 1 file could not be read. It is kept whole.
       *[other] { $n } files could not be read. They are kept whole.
    }
news-see-why = See why
loop-task = Tasks
loop-promise = Promises to call back
loop-transition-contact = Calls after discharge
loop-transition-medicines = Medicines after discharge
loop-transition-visit = Visits after discharge
loop-transition-monitoring = Follow-up after discharge
loop-assignment = To assign
loop-match = Possible duplicates
start-title = Start
start-greeting = Good day, { $of }
start-why = These are the pages you can open.

# Intake: what came in.
nav-intake = Intake
intake-lists = Lists of files
intake-all = All files
intake-set-aside = Set aside
intake-duplicates = Possible duplicates
intake-waiting =
    { $n ->
        [one] 1 file is being read or waits for its turn.
       *[other] { $n } files are being read or wait for their turn.
    }
intake-idle = Every file that came has been read.
intake-none = No files yet
intake-none-why = Files that are dropped into the intake folder show up here with what was taken from them.
intake-none-aside = No file is set aside
intake-none-aside-why = A file that can't be read is kept whole and listed here, with the reason.
intake-caption = Files, the newest first
intake-received = Received
intake-finished = Read by
intake-not-yet = not yet
intake-name = File
intake-state = State
intake-patients = Patients
intake-new-facts = New facts
intake-problems = Problems
intake-feeds = Where files come from
intake-feed-last = Last good file
intake-feed-usual = Longest gap so far
intake-feed-silent = Silent
intake-feed-regular = As usual
intake-feed-new = New
intake-feed-unknown = not known yet
intake-feed-days =
    { $n ->
        [0] several a day
        [one] 1 day
       *[other] { $n } days
    }
intake-source = Source
intake-no-source = no source named
intake-size = Size
intake-software = Written by
intake-digest = SHA-256 begins
intake-about = About this file
intake-file = Intake: { $of }
intake-retry = Read this file again
intake-retried = The file waits to be read again. This takes a few seconds.
intake-retry-nothing = Only a file that was set aside or read in part can be read again
intake-undo = Undo this export
intake-undo-lede = As if the file had never come: what only it said goes, what other files say too stays. Tasks, contacts and decisions stay. The file is kept; dropped again, it is taken in anew.
intake-undo-nothing = Nothing was taken from this file, so there is nothing to undo
intake-undone = This file was undone on { $of }.
intake-undone-why = Nothing that only it said is shown any more. Its bytes are kept.
intake-reread = Read again with this version
intake-reread-lede = A newer version of Almoner may read more in a file. What changes is shown first; what people did is not touched.
intake-wish-busy = The file is just being read, undone or read again. Try again in a minute
intake-wish-duplicate = The same bytes came before, so nothing was taken from this file. Use the first receipt
intake-wish-undone = This file was undone already
intake-anew-look = Show what would change
intake-anew-look-again = Work it out once more
intake-anew-waits = It is being worked out. Load this page again in a few seconds.
intake-anew-wished = It waits for its turn. This takes a few seconds for a document and longer for a large export.
intake-anew-changes = What changes
intake-anew-when = as of { $of }
intake-anew-nothing = Nothing changes
intake-anew-nothing-why = All that the file says is here already in the same words.
intake-anew-gone = Goes
intake-anew-changed = Changes
intake-anew-new = New
intake-anew-kept = Stays
intake-anew-lines = One by one
intake-anew-patient = Patient
intake-anew-transition = Transition
intake-anew-transitions = Transitions
intake-anew-stay =
    { $n ->
        [one] 1 patient stays although no file names them any more: people have worked on them.
       *[other] { $n } patients stay although no file names them any more: people have worked on them.
    }
intake-anew-merged = Two records of a patient whom this file names were made one. Make them two again first
intake-anew-reason = Reason
intake-anew-reason-hint = It stands on the trail.
intake-anew-reason-missing = Write why
intake-anew-back = Leave it as it is
intake-came-before = The same bytes came before, so nothing was taken again.
intake-first-receipt = See what was taken then
intake-facts = Facts
intake-kind = Kind
intake-new = New
intake-same = Known already
intake-none-known = “None known”
intake-negated = “Does not”
intake-facts-all = All together
intake-no-facts = No facts were taken
intake-no-facts-why = The problems tell why, if there are any.
intake-not-read = Not read yet
intake-not-read-why = Load this page again in a few seconds.
intake-no-patients = This file names no patient that we took.
place-look = Look at the place
place-title = The place in the file
place-no-text = Nothing to show
place-no-text-why = This file is an archive, a picture or another file without lines. Its problem says what to do.
place-start = The problem names no line: this is where the file begins
place-witnessed = That you looked is on the trail
intake-match-new = New patient
intake-match-same = Known patient
intake-match-proposed = New, maybe a duplicate
intake-members = Files inside
intake-loops = Loops
intake-loops-opened = Opened
intake-loops-moved = Moved on
intake-loops-closed = Closed
intake-loops-proposed = To confirm
intake-at = Where: { $of }
intake-more = and { $n } more
intake-duplicates-why = Two records that may be one person. Compare them before you write to either.
intake-no-duplicates = No possible duplicates
intake-no-duplicates-why = When a new patient looks like a known one, the question shows up here.
intake-status-done = Read
intake-status-partial = Read in part
intake-status-set-aside = Set aside
intake-status-duplicate = Came before
intake-status-waiting = Waiting
intake-status-working = Being read
intake-problem-error = Not taken
intake-problem-warning = Look at it
intake-problem-info = Note
intake-format-version = { $format } { $version }
intake-format-ccda = Clinical document, C-CDA
intake-format-fhir = FHIR records
intake-format-fhir-xml = FHIR records in XML
intake-format-hl7v2 = HL7 message, version
intake-format-hl7v2-xml = HL7 message in XML
intake-format-ccr = Continuity of Care Record
intake-format-x12 = Insurance message, X12
intake-format-questionnaire = Questionnaire
intake-format-ehi = Tables of an EHR
intake-format-hsds = Directory of resources
intake-format-table = Table
intake-format-zip = Zip archive
intake-format-gzip = Compressed file
intake-format-pdf = PDF
intake-format-rtf = Text document, RTF
intake-format-image = Image
intake-format-office = Office document
intake-format-html = Web page
intake-format-xml = XML of an unknown kind
intake-format-json = JSON of an unknown kind
intake-format-empty = Empty file
intake-format-unknown = Unknown kind of file
intake-document-adt = admission, discharge or registration
intake-document-siu = appointment
intake-document-oru = results
intake-document-mdm = document
intake-document-mixed = several kinds of message
intake-document-bundle = bundle
intake-document-ndjson = bulk export
intake-document-list = list
intake-document-resource = one record
intake-document-parameters = parameters
intake-document-ccd = summary of the chart
intake-document-history-and-physical = history and physical
intake-document-consultation-note = consultation note
intake-document-diagnostic-imaging-report = imaging report
intake-document-procedure-note = procedure note
intake-document-operative-note = operative note
intake-document-discharge-summary = discharge summary
intake-document-progress-note = progress note
intake-document-unstructured = document without structure
intake-document-transfer-summary = transfer summary
intake-document-referral-note = referral note
intake-document-care-plan = care plan
intake-document-eicr = case report to public health
intake-document-rr = answer of public health
intake-document-document = document
intake-document-table = tables
intake-document-json = one record
intake-document-page = page of a list
intake-document-questionnaire = questionnaire
intake-changed = { $n } changed
intake-withdrawn = { $n } no longer listed
intake-document-270 = eligibility inquiry
intake-document-271 = eligibility answer
intake-document-278 = authorization

# The trail.
nav-trail = Trail
tab-trail = Trail
trail-size =
    { $n ->
        [one] 1 entry. Every look at a chart and every change is here.
       *[other] { $n } entries. Every look at a chart and every change is here.
    }
trail-patient-why = Who saw or changed this record, the newest first.
trail-verify = Nobody can change an entry without leaving a mark. To check the whole chain, have IT run on the server:
trail-who = Who
trail-what = What was done
trail-when = When
trail-whose = Whose record
trail-anybody = Anybody
trail-anything = Anything
trail-show = Show
trail-filters = What is shown; choose one to drop it
trail-without = { $of } ×
trail-one-patient = One patient
trail-from = From day
trail-to = To day
trail-day-hint = nov 18, 11/18/26, or -2w
trail-day-wrong = Enter a date such as nov 18 or 11/18/26
trail-from-day = from { $of }
trail-to-day = to { $of }
trail-number = No. { $n }
trail-caption = Entries of the trail, the newest first
trail-empty = No such entry
trail-empty-why = Drop a filter, or look further back.
trail-newest = Newest
trail-older = Older
trail-refused = refused
trail-failed = failed
trail-reason = Reason: { $of }
trail-more-patients = and { $n } more
trail-actor-intake = Intake of files
trail-actor-appliance = Almoner itself
trail-actor-token = Program { $of }
trail-actor-admin = Administrator { $of }
trail-actor-gone = Somebody who is no longer here

# Help.
help-title = Help
help-why = How to do what you do most. This page needs no internet.
help-day-title = See what is due
help-day-text = My day lists what you owe to whom, the most urgent first. The button of a line is its next step. Team shows everybody's, Unassigned what nobody has yet. Nothing leaves the list until it is done, handed over or closed with a reason.
help-find-title = Find a patient
help-find-text = Type into the field at the top: a name in any order, a birth date in any form, a record number, or the last four digits of a phone number. Check the birth date and the record number before you open a record.
help-call-title = Log a call or visit
help-call-text = Choose Log call on My day or on the patient's page. Say how it ended. If nobody answered, Almoner plans the next try and says when it is. What you promised becomes a line on My day.
help-transition-title = Follow a patient home from the hospital
help-transition-text = A discharge opens a transition by itself. Call within two business days, check the medicines against both lists, and see that a visit takes place. Two documented tries on two days count as well, and the page says so.
help-task-title = Work on a task
help-task-text = Open it from My day. Finish it with its outcome, change it, put it on hold, or hand it over. Every step stays in its history.
help-files-title = See what a file brought
help-files-text = Intake lists every file that came, with what was taken from it and what could not be read. A file is taken in once, however often it is dropped. Nothing that arrives is lost: what can't be read is kept whole under Set aside.
help-trail-title = See who looked at a record
help-trail-text = Open the patient's page and choose Trail. Each look and each change is there with its time and who it was. It can't be altered.
help-wrong-title = When something seems wrong
help-wrong-text = What you typed is kept until you send it. If a page says that something was not saved, nothing of it was. The status page tells how the appliance is:
help-day-steps =
    The sentence at the top counts what is late and what is due today. Choose a number to go there.
    The button of a line is its next step: log a call, finish, book.
    Tick several tasks to finish, move or hand them over at once. Undo takes it back.
    Choose filters, then Save this view, to come back to them.
help-find-steps =
    Two letters are enough. Accents and capitals do not matter; the order of names does not matter.
    Nicknames and names that sound alike are found too.
    Two people with a similar name carry the tag Similar name. Compare birth date and record number before you open one.
help-call-steps =
    Choose Log call.
    Choose how it ended, and write what was said.
    Change the day of the next try if the one that is proposed does not fit.
    Save. The button names the patient: make sure it is the right one.
help-promise-title = Keep a promise
help-promise-text = What you promise a patient on a call is kept as a line on My day until it is kept or you say why it could not be.
help-promise-steps =
    Write the promise and its day on the form of the call.
    On its day it stands on My day.
    Open the contact and choose that it was kept, or say why not.
help-transition-steps =
    Open Transitions, or the line on My day.
    Log each call, also those that nobody answered: two timely tries count.
    Check the medicines against the lists side by side, and say that you did.
    Book the visit, then say that it took place.
    If the patient went back to the hospital, the episode ends by itself and the new one begins.
help-task-steps =
    Choose New task on the patient’s page.
    Say what, by when, and who.
    Finish it with what came out of it. A task that needs a date or a contact asks for it.
    Choose Change for other words or another date. If somebody else changed it at the same time, Almoner shows both texts and asks.
    The last step can be taken back for a day.
help-drafts-title = When the connection fails, or time runs out
help-drafts-text = What you type is kept as a draft by itself. Nobody else can see your drafts. They are kept for 30 days.
help-drafts-steps =
    Below the form you see when the draft was saved.
    If Almoner does not answer, leave the page open: your text is in it, and it tries again by itself.
    If your session ends, sign in again. The form stands there with your text.
    A draft that you did not save stands on My day under Drafts to finish.
    A form that is sent twice is saved once.
    On a shared computer, what you left open is kept for you, never saved in the next person’s name.
help-files-steps =
    Open Intake. Read means that all was understood.
    Read in part means that the sound parts are in the chart, and the rest is listed.
    Set aside means that nothing was taken. Open it to see why and what to do.
    A file that came before changes nothing.
help-duplicate-title = Decide whether two records are one person
help-duplicate-text = When a file fits somebody who is known, but not surely, Almoner makes a new record and asks you. It never joins two people by itself unless it is sure.
help-duplicate-steps =
    Open the line on My day, or Intake, Possible duplicates.
    Compare name, birth date, address and numbers side by side, and read what speaks for and against.
    Choose one person, or two. A decision against what the records say asks for a reason.
    If you cannot tell, choose Not sure, and call the patient or ask the sender: it is asked again later.
    To take a decision back, open the patient's page of similar people.
help-wrong-patient-title = When you wrote on the wrong patient
help-wrong-patient-text = What was signed is never erased: it is struck out with a reason, and both stay on the trail.
help-wrong-patient-steps =
    Open the contact and choose that it was entered in error. Say why.
    Log it again on the right patient’s page.
    A task on the wrong patient is cancelled with a reason.
help-print-title = Print
help-print-text = My day, a patient’s page and a transition print as sheets for Letter and A4, with the patient’s banner on each. Use the browser’s Print.
help-print-steps =
    The sheet says who printed it and when.
    It contains patient information: shred it after use.
help-keyboard-title = Work by keyboard
help-keyboard-text = Everything can be reached with Tab and done with Enter. Single-key shortcuts are off until you turn them on in your settings.
help-keyboard-steps =
    Ctrl and Enter save a form. Esc closes a menu.
    In a list, the arrows move from line to line.
    When shortcuts are on: / finds, ? opens this help, g then d opens My day, g then c the caseload, g then t the transitions, j and k move, x selects, e opens the next step, z takes back.
help-words-title = What the words mean
help-words-text = The same words stand everywhere in Almoner.
help-words-steps =
    Chart: what came from the electronic health record. It is read only, and each fact says where it came from.
    Care record: what you and your colleagues write here.
    Loop: a promise with an owner and a date. It stays open until something proves that it was kept.
    Transition: the 30 days after a patient left the hospital.
    Caseload: the patients whose coordinator you are.
    Trail: the list of who saw or changed what. It cannot be altered.
help-search = Search the help
help-none = No topic has all of these words. Try fewer, or look through the list.
help-all = All topics
help-none-title = Nothing found
access-title = Accessibility
access-why = Almoner is built for people who use only a keyboard, a screen reader, large text or a tablet. It aims at WCAG 2.2, level AA.
access-can = What works
access-keyboard = Everything can be reached and done with Tab and Enter. The first link of each page skips to its main part.
access-reader = Headings, tables, lists and forms are marked as such. Errors are named at the top and beside their field.
access-scripts = Every page and every action works without scripts.
access-size = Text can be enlarged to 400 percent, and nothing gets lost.
access-colors = Nothing is told by color or symbol alone. Light and dark colors can be chosen under
access-limits = Known limits
access-limit-messages = What a file's reader says about problems is in English.
access-limit-documents = Documents from other clinics are shown as they came: their headings and languages may not be marked.
access-limit-tested = Tested with Chromium and automatic checks; not yet with every screen reader.

# What was done, in the trail's words.
trail-wrong = wrong password
trail-delayed = too many tries
verb-account-settings = Changed own settings
verb-appliance-init = Made this appliance
verb-backup-take = Took a backup
verb-caseload-assign = Assigned a patient
verb-certificate-found = Made a certificate
verb-certificate-renew = Renewed the certificate
verb-chart-read = Looked at a chart
verb-contact-record = Logged a contact
verb-contact-amend = Added to a contact
verb-contact-mistake = Marked a contact as entered in error
verb-contact-promise = Closed a promise
verb-demo-staff = Made the demonstration's accounts
verb-fhir-read = Read through FHIR
verb-fhir-search = Searched through FHIR
verb-fhir-everything = Read a whole chart through FHIR
verb-fhir-match = Asked through FHIR who somebody is
verb-intake-anew = Took files in anew
verb-intake-edition = Had a newer version of a document take the place of an older one
verb-intake-preview = Worked out what would change
verb-intake-reread = Had a file read again with a newer version
verb-intake-reread-done = Read a file again with a newer version
verb-intake-undo = Had a file undone
verb-intake-undone = Undid a file
verb-intake-wish-dropped = Could not undo a file or read it again
verb-intake-begin = Began a file
verb-intake-file = Filed a receipt
verb-intake-finish = Finished a file
verb-intake-receive = Received a file
verb-intake-retry = Had a file read again
verb-intake-keep = Kept a part of a large file
verb-intake-take = Took facts from a file
verb-page-open = Was refused a page
verb-patient-apart = Decided that two records are two people
verb-patient-apart-undo = Took back that two records are two people
verb-patient-keep = Kept one record together that a source had parted
verb-patient-merge = Made one record of two
verb-intake-look = Looked at a place in a dropped file
verb-patient-put-off = Was not sure whether two records are one
verb-patient-split = Made two people of one record
verb-patient-unmerge = Made two records of one again
verb-password-change = Changed a password
verb-session-end = Ended a session
verb-session-seen = Used a session
verb-draft-keep = Kept a draft
verb-draft-discard = Discarded a draft
verb-draft-forget = Forgot old drafts
verb-sign-in = Signed in
verb-sign-out = Signed out
verb-task-undo = Took a step of a task back
verb-view-save = Saved a view
verb-view-rename = Renamed a view
verb-view-delete = Deleted a view
verb-view-first = Chose the first view
verb-task-open = Opened a task
verb-task-finish = Finished a task
verb-task-reopen = Opened a task again
verb-task-start = Began a task
verb-task-hold = Put a task on hold
verb-task-hand-over = Handed a task over
verb-task-edit = Changed a task
verb-task-move = Gave a task a new date
verb-task-cancel = Canceled a task
verb-transition-medicines = Checked medicines after discharge
verb-transition-visit = Wrote down a visit after discharge
verb-transition-complexity = Set how complex a transition is
verb-transition-where = Said where a patient is
verb-transition-note = Wrote a note on a transition
verb-transition-end = Ended a transition
verb-transition-reopen = Opened a transition again
verb-token-create = Made a token
verb-token-revoke = Revoked a token
verb-token-seen = Used a token
verb-user-add = Added an account
verb-user-disable = Disabled an account
verb-user-enable = Enabled an account
verb-user-reset = Reset a password
kind-patient = patient
kind-account = account
kind-session = session
kind-token = token
kind-ticket = ticket
kind-sighting = mention in a file
kind-intake-file = file
kind-fact = fact
kind-resource = resource
kind-contact = contact
kind-task = task
kind-transition = transition

# The caseload.
nav-caseload = Caseload
caseload-lede =
    { $n ->
        [one] 1 person
       *[other] { $n } people
    }
caseload-nothing-due = Nothing open
caseload-none = Nobody is on your caseload
caseload-none-why = The lead gives patients to coordinators.
caseload-over = Your first { $n } patients
caseload-shown = Which patients
caseload-show-all = All
caseload-show-late = Something is late
caseload-show-quiet = Nothing open
caseload-name = Patient
caseload-due = Next due
caseload-open = Open
caseload-contact = Last contact
caseload-gaps = Not known
caseload-late = { $n } late
caseload-no-contact = none recorded
caseload-no-gaps = nothing missing
caseload-gap-phone = phone
caseload-gap-address = address
caseload-gap-language = language
caseload-gap-birth = birth date
caseload-log = Log contact
caseload-none-such = No patient of yours is like that
caseload-none-such-why = Choose another list.
caseload-sizes = Lines of a page
caseload-size = { $n } lines

# What the columns of a list are.
map-open = Say what the columns are
map-title = What the columns of this list are
map-page = Columns: { $of }
map-doubt-header = It is not known what the columns are. Nothing was taken yet.
map-doubt-kind = It is not sure what this list is about. Nothing was taken yet.
map-doubt-dates = In some dates the day may come first. Nothing was taken yet.
map-how = How it is read
map-kind = This is a list of
map-kind-hint = The choices of each column follow it after “Show how it reads”.
map-dates = Dates such as 3/4/2026
map-dates-hint = Look at dates in the list whose day is above 12.
map-month-first = Month first: March 4
map-day-first = Day first: April 3
map-columns = Columns
map-heading = Heading
map-examples = Examples
map-holds = It holds
map-holds-of = What { $of } holds
map-column = Column { $of }
map-leave = Nothing that we take
map-caseload = A column of the caseload
map-preview = The first rows, as they would be read
map-nobody = No row names a patient
map-nobody-why = Say which column holds the name, or the record number.
map-row = Row
map-who = Known or new
map-said = What would be taken
map-name = Name of this list
map-name-hint = The next list of this source with the same headings is read in the same way.
map-name-missing = Enter a name for this list
map-name-long = Enter a shorter name, of at most 60 letters
map-missing = Say which column holds one of: { $fields }
map-twice = Only one column can hold: { $field }
map-save = Save and read the list
map-look = Show how it reads
map-saved = Saved. The list is read now; this takes a few seconds.
intake-format-list = List
map-kind-patients = Patients
map-kind-tracking = The clinic’s own tracking sheet
map-kind-appointments = Appointments
map-kind-referrals = Referrals
map-kind-problems = Problems
map-kind-medications = Medicines
map-kind-allergies = Allergies
map-kind-coverage = Insurance
map-kind-discharges = Hospital and emergency stays
map-kind-immunizations = Immunizations
map-kind-results = Results
intake-document-patients = patients
intake-document-tracking = the clinic’s own tracking sheet
intake-document-appointments = appointments
intake-document-referrals = referrals
intake-document-problems = problems
intake-document-medications = medicines
intake-document-allergies = allergies
intake-document-coverage = insurance
intake-document-discharges = hospital and emergency stays
intake-document-immunizations = immunizations
intake-document-results = results
field-mrn = Record number
field-ssn = Social security number
field-name = Whole name
field-last-name = Family name
field-first-name = Given name
field-middle-name = Middle name
field-suffix = Suffix (Jr, Sr)
field-preferred-name = Name used
field-dob = Birth date
field-sex = Sex
field-phone = Phone at home
field-mobile-phone = Mobile phone
field-work-phone = Phone at work
field-email = Email
field-address = Street
field-address2 = Second line of the address
field-city = City
field-state = State
field-zip = ZIP code
field-language = Language
field-interpreter = Interpreter needed
field-race = Race
field-ethnicity = Ethnicity
field-marital = Marital status
field-deceased = Died
field-pcp = Primary care provider
field-payer = Insurance
field-plan = Plan
field-member-id = Member number
field-group = Group number
field-effective = Insured from
field-termination = Insured until
field-appt-id = Appointment number
field-appt-date = Day of the appointment
field-appt-time = Time of the appointment
field-appt-end = End of the appointment
field-duration = Minutes
field-visit-type = Type of visit
field-reason = Reason
field-appt-status = State of the appointment
field-provider = Provider
field-location = Place
field-referral-id = Referral number
field-referral-date = Day of the referral
field-referred-to = Referred to
field-specialty = Specialty
field-referring-provider = Referred by
field-urgency = Priority
field-referral-status = State of the referral
field-auth-number = Authorization number
field-auth-expires = Authorization ends
field-visits-authorized = Visits authorized
field-date-seen = Day seen there
field-report-received = Report received
field-diagnosis = Diagnosis or problem
field-diagnosis-code = Diagnosis code
field-onset = Since
field-resolved = Resolved
field-problem-status = State of the problem
field-medication = Medicine
field-medication-code = Medicine code
field-dose = Dose
field-sig = Directions
field-route = Route
field-frequency = How often
field-med-start = Medicine started
field-med-stop = Medicine stopped
field-med-status = State of the medicine
field-refills = Refills
field-allergen = Allergy to
field-reaction = Reaction
field-severity = Severity
field-allergy-status = State of the allergy
field-visit-id = Visit number
field-admit-date = Admitted
field-discharge-date = Discharged
field-facility = Hospital
field-disposition = Discharged to
field-patient-class = Inpatient, emergency …
field-vaccine = Vaccine
field-vaccine-code = Vaccine code (CVX)
field-vaccine-date = Vaccine given
field-lot = Lot
field-manufacturer = Manufacturer
field-test = Test
field-test-code = Test code (LOINC)
field-result-value = Result
field-unit = Unit
field-reference-range = Normal range
field-flag = Flag (high, low)
field-result-date = Day of the result
field-coordinator = Coordinator
verb-intake-ask = Noted a question about a list
verb-intake-map = Said what the columns of a list are
verb-caseload-value = Changed a column of the caseload
verb-caseload-column = Changed the columns of the caseload
kind-list-profile = saved reading of a list
kind-list-question = question about a list
kind-caseload-column = column of the caseload
kind-caseload-value = value of the caseload
