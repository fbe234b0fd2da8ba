# English. One message per thing said; see `frame::language`.
month-jan = Jan
month-feb = Feb
month-mar = Mar
month-apr = Apr
month-may = May
month-jun = Jun
month-jul = Jul
month-aug = Aug
month-sep = Sep
month-oct = Oct
month-nov = Nov
month-dec = Dec
weekday-mon = Monday
weekday-tue = Tuesday
weekday-wed = Wednesday
weekday-thu = Thursday
weekday-fri = Friday
weekday-sat = Saturday
weekday-sun = Sunday

# The shell around every page.
shell-skip = Skip to main content
shell-main-nav = Main
shell-overdue = overdue
shell-status = Status
shell-find = Find a patient
shell-find-hint = Find a patient: name, birth date, record number, phone
shell-search = Search
shell-account = Your account,
shell-settings = Your settings
shell-help = Help
shell-accessibility = Accessibility
shell-sign-out = Sign out
shell-lock = Lock now
script-saving = Saving…
script-unsaved = Not saved: no connection, kept in this tab
script-busy = Saving…
script-down = Almoner isn’t answering. Your text is safe in this tab. Trying again every 5 seconds.
script-down-now = Try now
script-ends = You will be signed out in {"{n}"} minutes. Your text is saved.
script-ends-one = You will be signed out in 1 minute. Your text is saved.
script-ended = Your session has ended. What you typed is being kept for you.
script-stay = Stay signed in
script-hits = People found
script-find-failed = Almoner isn’t answering. Press Enter to search.
script-found = {"{n}"} found
script-new = {"{n}"} new on your list.
script-new-one = 1 new on your list.
script-changed = Your list has changed.
script-show = Show
shell-demo = Demonstration: do not enter real patients
shell-read-only = Almoner takes no changes at present: its disk is nearly full. You can look, but not save.
shell-until = Signed in until { $of },
shell-idle =
    { $n ->
        [one] or 1 minute without use
       *[other] or { $n } minutes without use
    }
print-private = Contains patient information. Shred after use.
nav-library = Library
nav-insight = Insight
nav-privacy = Privacy
door-trust = Trust this server

# The kit: parts of every page.
form-optional = (optional)
form-back = Go back
form-draft-save = Save draft
form-draft-saved = Draft saved { $at }
form-draft-restored = Draft of { $at }, not saved yet.
form-draft-discard = Discard the draft
form-draft-gone = The draft is gone.
conflict-title = Somebody else changed this while you did.
conflict-why = Both texts stay. Where both of you changed the same, theirs is kept unless you choose yours.
conflict-field = Field
conflict-mine = You, now
conflict-result = Result
conflict-keep-theirs = Theirs
conflict-keep-mine = Mine
conflict-mine-taken = Yours, no conflict
conflict-theirs-taken = Theirs, no conflict
conflict-save = Save the choices
conflict-merged = Saved, together with the change of { $theirs }.
intake-progress = { $done } of { $all } files of today are read.
intake-progress-facts = Of the file that is being read, { $of } facts are in.
date-unread = This is not read as a date. For example: nov 24, tomorrow, fri 3 pm
form-left = Your text is kept, but was not saved: its form is no longer on this page. Copy what you need.
form-of-another = That page was left open by somebody else, so nothing was saved in your name. What was typed in it is kept for them.
form-sent-before = This form was saved already with other words, from another tab perhaps. What you see here was not saved. Save again to add it, or go back to see what was saved.
kit-due = Due
kit-what = What to do
kit-who = Who
kit-hours = Today’s hours
kit-own-work = Your work
kit-visits = Patients’ visits
kit-choose-this = Choose: { $of }
kit-choose = Choose
kit-bulk-region = What to do with the chosen tasks
kit-bulk-chosen = Chosen tasks:
kit-done = Done
kit-undo = Undo
kit-action = Action
kit-pages = Pages
kit-earlier = Previous
kit-later = Next
kit-pager = { $from } to { $to } of { $total }
kit-step-done = done
kit-step-at = now
kit-step-to-come = still to come
kit-step-skipped = left out
kit-sample = { $of }
kit-find = Find
kit-table = Table
kit-keep = Keep
kit-change-here = Change here only
kit-day = Day
kit-month = Month
kit-year = Year
kit-none-found = No match for “{ $of }”. Check spelling, or search by birth date
kit-more-found =
    { $n ->
        [one] 1 more. Enter more of the name or a birth date
       *[other] { $n } more. Enter more of the name or a birth date
    }
kit-before = Before:
kit-allergies = Allergies
kit-goal-next = Next:
kit-goal-barrier = Barrier: { $of }
kit-goal-proposed = proposed
kit-goal-active = active
kit-goal-on-hold = on hold
kit-goal-met = met
kit-goal-not-met = not met

# Deadlines and days in words.
due-days-late =
    { $n ->
        [one] 1 day late
       *[other] { $n } days late
    }
due-hours-late =
    { $n ->
        [one] 1 hour late
       *[other] { $n } hours late
    }
due-just-late = just now late
due-was = was { $of }
due-by = by { $of }
due-today = Today
due-any-time = any time
due-tomorrow = Tomorrow
due-ends-today = ends today
due-days-left =
    { $n ->
        [one] 1 day left
       *[other] { $n } days left
    }
due-hours-left =
    { $h ->
        [0] { $m } min left
       *[other] { $h } h { $m } min left
    }
day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
day-in =
    { $n ->
        [one] in 1 day
       *[other] in { $n } days
    }
day-ago =
    { $n ->
        [one] 1 day ago
       *[other] { $n } days ago
    }
