# People: who the patients are, finding them, and the accounts of those who work here.
people-born = Born
people-sex = Sex
people-record = Record
people-sex-female = Female
people-sex-male = Male
people-sex-other = Other
people-sex-unknown = Unknown
people-not-recorded = not recorded
people-no-name = Name not recorded
people-no-birth-date = birth date not recorded
people-no-record-number = no record number
people-age-years = { $n } y
people-age-months = { $n } mo
people-similar = Similar name
people-interpreter = Interpreter needed
people-with-interpreter = interpreter needed
people-today-at = today, { $clock }
people-source-unnamed = Source not named
language-ase = American Sign Language
language-de = German
language-fa = Persian
language-hi = Hindi
language-it = Italian
language-ja = Japanese
language-km = Khmer
language-ne = Nepali
language-pl = Polish
language-uk = Ukrainian
language-ar = Arabic
language-en = English
language-es = Spanish
language-fr = French
language-ht = Haitian Creole
language-ko = Korean
language-pt = Portuguese
language-ru = Russian
language-so = Somali
language-tl = Tagalog
language-vi = Vietnamese
language-zh = Chinese

# The banner of a patient's record.
banner-label = Patient
banner-tabs = Patient record
banner-goes-by = goes by “{ $of }”
banner-as-of = Chart as of
banner-log-call = Log call
banner-died = Died
banner-died-on = Died { $day }
banner-speaks = { $text }
banner-similar = Similar name.
banner-duplicate = Possible duplicate.
banner-compare = Compare

# Where the record comes from, at the end of its pages.
sources-label = Where this record comes from
sources-last = { $source }, last good file { $when }
sources-silent = Silent for longer than usual
sources-none = files of no named source

# Tabs and pages of the record.
tab-overview = Overview
tab-timeline = Timeline
tab-about = About
overview-do-next = Do next:
overview-nothing-due = Nothing to do at present
overview-nothing-due-why = No loop is open for this person. New evidence from exports and what you log will show here.
overview-more =
    { $n ->
        [one] and 1 more is open
       *[other] and { $n } more are open
    }
overview-tries = Tried so far
overview-look = Look at it
overview-all-events = All events
overview-glance = At a glance
timeline-filter = Kinds of event
timeline-all = All
timeline-contact = Contacts
timeline-visit = Visits
timeline-result = Results
timeline-document = Documents
timeline-procedure = Procedures
timeline-immunization = Immunizations
timeline-loop = Loops
timeline-today = Today
timeline-empty = Nothing here yet
timeline-empty-why = What exports tell and what you log will show here, the newest first.
timeline-by = From whom
timeline-by-anybody = Anyone
timeline-by-here = Written here, by anyone
timeline-by-staff = Written here by { $of }
timeline-by-source = Source: { $of }
timeline-to = Go to a date
timeline-to-hint = nov 18, 11/18/26, or -2w
timeline-to-wrong = Enter a date such as nov 18 or 11/18/26
timeline-show = Show
timeline-newest = Newest
timeline-earlier = Earlier
timeline-continued = { $of }, continued
timeline-none = No event fits
timeline-none-why = Nothing of this kind, from these people, up to this date. Choose otherwise above, or look at everything.
timeline-everything = Show everything
timeline-looked = Nothing that fits back to { $of }
timeline-looked-why = The record goes further back. Press Earlier to go on.
about-who = Who
about-reach = How to reach them
about-names = Names and numbers
about-name = Name
about-number = Number
about-ssn = Social security number
about-languages = Languages
about-interpreter = Interpreter needed
about-yes = Yes
about-no = No
about-race = Race
about-ethnicity = Ethnicity
about-marital = Marital status
about-doctor = Primary care
about-phone = Phone
about-email = E-mail
about-fax = Fax
about-address = Address
about-sources = Sources
about-as-of = as of { $of }
use-home = home
use-work = work
use-mobile = mobile
use-temp = temporary
use-old = earlier
use-official = Official name
use-usual = Usual name
use-nickname = Name used
use-maiden = Maiden name

# People who may be the same.
similar-title = Easily taken for each other
similar-lede = Check name, birth date and record number before you act.
similar-none = Nobody is like this person
similar-none-why = No other person here has this name, or this birth date with this family name.
similar-since = noticed { $of }
similar-only-name = Another person of a similar name. Two records of two people, as far as we know.
similar-why = May be the same person:
similar-attribute = Attribute
similar-this = This record
similar-other = The other
similar-decide = Decide this pair
similar-apart = Not the same person
similar-reason = Why they are two people
similar-reason-hint = For example: father and son, or both were here on the same day
similar-reason-missing = Enter why they are two people
similar-said-apart = { $name } is another person. The two will not be proposed again.
similar-said-undone = Taken back. { $name } may be the same person, and the decision is open again.
similar-decided = Decided: not the same person
similar-decided-reason = Why: { $of }
similar-undo = Undo
decide-title = One person or two?
decide-none = Nothing to decide
decide-none-why = Nobody is proposed as the same person as this patient any more.
decide-probable = They are probably one person
decide-possible = They may be one person
decide-put-off = not sure, back on { $of }
decide-for = What speaks for one person
decide-against = What speaks against it
decide-asks = Why a person must decide
decide-weighs-much = { $of }: weighs much
decide-weighs-some = { $of }: weighs something
decide-weighs-little = { $of }: weighs little
decide-files = Files
decide-files-of = the last from { $source }, { $last }
decide-files-count =
    { $n ->
        [one] 1 file
       *[other] { $n } files
    }
decide-loops = Open
decide-loops-count =
    { $n ->
        [one] 1 open
       *[other] { $n } open
    }
decide-handmade = Made here
decide-handmade-count =
    { $n ->
        [one] 1 entry of ours
       *[other] { $n } entries of ours
    }
decide-nothing = nothing
decide-same = Same person: make one record
decide-same-why = One record is made of the two, and everything that hangs on them moves with it. Each decision can be taken back on the patient's page of similar people.
decide-first = Choose first:
decide-reason = Why they are one person
decide-reason-hint = For example: she changed her name when she married, told on the phone
decide-reason-missing = Enter why they are one person although much speaks against it
decide-unsure = Not sure: ask again later
decide-said-same = { $name } is one record now.
decide-said-unsure = { $name }: asked again on { $until }, or earlier when new data makes it likelier.
match-loop-what = Decide a possible duplicate
match-loop-why = Two records may be one person, noticed { $since }
match-loop-next = Compare
match-same-identifier = same number
match-same-name = same name
match-same-birth-date = same birth date
match-similar-name = similar name
match-names-swapped = names changed about
match-near-birth-date = birth dates nearly the same
match-name-differs = name differs
match-birth-date-differs = birth date differs
match-birth-date-missing = birth date not recorded in full
match-sex-differs = sex differs
match-sex-missing = sex not recorded
match-suffix-differs = suffix differs (Jr, Sr)
match-middle-name-differs = middle name differs
match-fits-both = an export fits both
match-nickname = everyday form of the same name
match-family-differs = family name differs
match-given-differs = first name differs
match-same-middle-name = same middle name
match-same-sex = same sex
match-same-address = same address
match-same-house = nearly the same address
match-same-street = same street and ZIP code
match-same-zip = same ZIP code
match-same-town = same town
match-shared-address = same address, where many people are reached
match-same-phone = same telephone
match-same-email = same e-mail address
match-shared-phone = same telephone or e-mail, which several people have
match-same-member = same health plan number
match-same-ssn = same social security number
match-same-ssn-end = same last digits of the social security number
match-near-ssn = social security numbers nearly the same
match-ssn-differs = social security number differs
match-number-differs = each has a record number of their own from one source
match-death-differs = dates of death differ
match-twins = may be twins
match-generations = may be parent and child
match-household = may be two people of one household
match-placeholder = a word stands where a name should be
match-overlay = a record number came back with another name and birth date
match-source-says = a source says that they are one person
banner-doubted = A source says that this is two people.
match-doubt-what = Decide whether one record is two people
match-doubt-why = A source says that this record is two people, noticed { $since }
match-doubt-says = { $of } says that these are two people
match-doubt-one = The one
match-doubt-other = The other
match-doubt-one-line = Both numbers stand in one line of the source here, so that the record cannot be parted by them. Ask the source to send both patients anew.
match-doubt-part = Make two records
match-doubt-reason = Why they are one person all the same
match-doubt-reason-hint = For example: the hospital has confirmed by phone that it sent the message in error
match-doubt-reason-missing = Enter why they are one person although their source says otherwise
match-doubt-keep = Stay together
match-doubt-said-kept = { $name } stays one record.
match-parted = were one record until somebody made two of it

# Two people in one record.
split-title = Two people in one record
split-lede = When what one source says is somebody else’s, two records are made of this one.
split-ask = Does a source speak of somebody else here?
split-choose = Which of these are somebody else?
split-choose-hint = Each line is what one source calls one of its patients.
split-one = Everything here is what one source calls one patient: there is nothing to part. If a file brought somebody else’s facts, undo that file.
split-look = Show what would move
split-go = Goes to a new record
split-go-why = Everything that the files of these lines say goes along: problems, medicines, results, documents, stays.
split-stay = Stays here
split-stay-why = What was written here stays: tasks, contacts, the coordinator. Look through it afterwards: some of it may be about the other person.
split-unsure =
    { $n ->
        [one] 1 file of which it cannot be told whose it is
       *[other] { $n } files of which it cannot be told whose they are
    }
split-now = Make two records
split-back = It can be taken back: undo the decision that they are two people, then make one record of them.
split-reason-hint = For example: the lab had typed another person’s record number
split-said = { $name } has a record of their own now.
split-none = Choose what is somebody else’s
split-all = Leave at least one line here: whose record would it be?
split-merged = All of this came with a record that was joined to this one. Take that back instead, on the page of similar people.
split-reason-missing = Enter why they are two people

# Finding and the caseload.
find-title = Find a patient
find-label = Name, birth date, record number or phone
find-hint = For example: Okafor 1958, mar 4 1958, 004-81-937, last 4 digits of the phone
find-do = Search
find-results = People found
find-none = No match for “{ $of }”
find-none-why = Check the spelling, or search by birth date.
find-count =
    { $n ->
        [one] 1 person fits “{ $of }”
       *[other] { $n } people fit “{ $of }”
    }
find-over = More than { $n } people fit “{ $of }”. Add a birth date or a first name.
find-shown = The first { $n } are shown. Add a birth date or a first name.
find-all = All { $n } results
find-all-over = More than { $n } results
find-no-hint = No match. Check spelling, or search by birth date.
find-recent = Opened last
find-used = { $name } “{ $used }”
find-coordinator = Coordinator: { $name }
find-why-name = Also { $name }
find-why-nickname = “{ $typed }” can be { $name }
find-why-heard = Sounds like “{ $typed }”
find-why-phone = Phone ends in { $digits }
find-why-number = Record { $number }
about-coordinator = Coordinator
about-nobody = Nobody yet
about-give-to = Give to
about-give = Give the patient
about-given = { $name } is the coordinator now. What is open for this patient goes along.
about-given-to-nobody = The patient has no coordinator now. What is open stands under Unassigned.
about-no-such-coordinator = Choose a coordinator from the list.

# The clinic’s own columns.
columns-panel = From the clinic’s sheet
columns-nothing = nothing written
columns-change = Change
columns-changed = Saved: { $column }
columns-save = Save
columns-sheet-says = The sheet says: { $of }
columns-changed-by = Written by { $of }
columns-day-hint = Such as 11/23, or nov 23
columns-no-day = Enter a day, such as 11/23/2026
columns-no-answer = Choose yes or no
columns-too-long = Enter at most 4,000 letters
columns-order = Columns of the caseload
columns-order-why = They came with the clinic’s own sheet. The next sheet finds them by the name they came with.
columns-none = There are no columns yet
columns-none-why = Drop the clinic’s tracking sheet into the intake folder.
columns-name = Name
columns-place = Place
columns-type = Type
columns-type-text = Text
columns-type-date = Day
columns-type-yes-no = Yes or no
columns-type-choice = Choice
columns-shown = On the caseload
columns-saved = Saved: { $column }
columns-name-missing = Enter a name for the column
columns-name-long = Enter a shorter name, of at most 60 letters
columns-name-taken = Another column has this name. Enter another name
columns-order-number = Enter a whole number for the place
merge-refused-apart = Somebody decided that these are two people. Take that decision back first.
unmerge-refused-later = This record was itself joined to another one later. Take that back first.
merge-refused-transitions = Both have an open transition that somebody has worked on. End one of them first.
merged-said-undone = Taken back: there are two records again.
merged-title = Made of these records
merged-undo = Take back
merged-by-source = By the message of a source
merged-moved = This record was joined to another
merged-moved-why = Two records were one person. Everything stands on the one below.
