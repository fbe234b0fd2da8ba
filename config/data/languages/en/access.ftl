# Transitions: from hospital to thirty days at home.
nav-transitions = Transitions
tab-transitions = Transitions
transition-title = Transition
transition-contact-what = Call after hospital discharge
transition-contact-why =
    { $n ->
        [0] Home { $day } · not called yet
        [one] Home { $day } · 1 try
       *[other] Home { $day } · { $n } tries
    }
transition-contact-for-why =
    { $n ->
        [0] { $reason } · home { $day } · not called yet
        [one] { $reason } · home { $day } · 1 try
       *[other] { $reason } · home { $day } · { $n } tries
    }
transition-late-news-why =
    { $n ->
        [0] Home { $day }, heard of after the call was due
        [one] Home { $day }, heard of after the call was due · 1 try
       *[other] Home { $day }, heard of after the call was due · { $n } tries
    }
transition-satisfied-why = { $n } tries since { $day }: the rule is met, keep trying
transition-contact-rule = Call within 2 business days of discharge
transition-medicines-what = Check the medicines after hospital discharge
transition-medicines-why = Home { $day } · the list is not checked
transition-medicines-next = Check medicines
transition-visit-what = Visit after hospital discharge
transition-visit-why = Home { $day } · no visit booked · 7 days end { $high }, 14 days end { $moderate }
transition-booked-why = Home { $day } · visit on { $on }
transition-visit-rule = Visit within 7 days of discharge, or 14
transition-visit-book = Book visit
transition-visit-record = Record visit
transition-visit-missed = Did not come
transition-period-what = Day 30 after hospital discharge
transition-period-why = Home { $day } · ask how it went, then finish
transition-period-next = Finish
transition-emergency-what = Follow up after the emergency room
transition-emergency-why = Home { $day } · not followed up yet
transition-emergency-rule = Follow up within 7 days of an emergency visit
transition-away-what = Ask for the day home
transition-away-why = In a facility since { $day }
transition-away-next = Record answer
transition-silent-what = Is the patient still in the hospital?
transition-silent-why = Admitted { $day } · no news since
transition-silent-next = Record answer
transition-tell-deceased = The patient died: stop reminders
transition-tell-hospice = The patient is in hospice now
transition-tell-withdrawn = The hospital took back the admission
transition-tell-why = Heard on { $day }
transition-tell-next = I have read it
transition-stage-admitted = In the hospital
transition-stage-expected = Discharge expected
transition-stage-home = Home
transition-stage-emergency = Home from the emergency room
transition-stage-facility = In a facility
transition-stage-finished = Finished
transition-stage-readmitted = Back in the hospital
transition-stage-deceased = Died
transition-stage-hospice = Hospice
transition-stage-declined = Declined
transition-stage-lost = Lost touch
transition-stage-withdrawn = Withdrawn
transition-stage-duplicate = Same stay as another
transition-moved-admitted = Admitted to the hospital
transition-moved-expected = Discharge expected
transition-moved-home = Discharged home
transition-moved-emergency = Home from the emergency room
transition-moved-facility = Discharged to a facility
transition-moved-finished = Transition finished
transition-moved-readmitted = Back in the hospital
transition-moved-deceased = Died
transition-moved-hospice = Discharged to hospice
transition-moved-declined = Transition declined
transition-moved-lost = Lost touch
transition-moved-withdrawn = Admission taken back
transition-moved-duplicate = Joined with the same stay
transition-moved = { $at } · written down { $recorded }
transition-in-hospital = In { $house } since { $day }
transition-in-facility = From { $house } to a facility on { $day }
transition-from-emergency = Home from the emergency room of { $house } since { $day }
transition-home = Home from { $house } since { $day }
transition-was = { $house }, { $day }
transition-day-unknown = a day we don't know
transition-day-of = day { $n } of { $of }
transition-contacted = contacted { $of }
transition-contacted-late = contacted { $of }, late
transition-satisfied = { $n } tries in time: the rule is met, keep trying
transition-contact-by = call by { $of }
transition-tries =
    { $n ->
        [0] no try yet
        [one] 1 try
       *[other] { $n } tries
    }
transition-next-try = Next try: { $of }
transition-medicines-by = list to be checked by { $of }
transition-medicines-done = list checked { $of }
transition-medicines-late = list checked { $of }, after the visit
transition-medicines-lists = Compare the lists
transition-visit-by = visit not booked, due by { $of }
transition-visit-booked = visit { $of }
transition-visit-high = seen { $of }, within 7 days
transition-visit-moderate = seen { $of }, within 14 days
transition-visit-late = seen { $of }, late
transition-step-contact = Contact
transition-step-medicines = Medicines
transition-step-visit = Visit
transition-step-day = Day 30
transition-column-contact = Contact due
transition-column-contacted = Contacted
transition-column-medicines = Medicines checked
transition-column-visit = Visit booked
transition-column-day = To day 30
transition-column-none = none
transition-group-emergency = Emergency room
transition-group-hospital = In the hospital
transition-group-facility = In a facility
transition-group-ended = Ended in the last 7 days
transition-board-note = Cards move when their step is done. Late ones come first.
transition-open = Open
transition-open-n =
    { $n ->
        [one] 1 open
       *[other] { $n } open
    }
transition-late-n =
    { $n ->
        [one] 1 late
       *[other] { $n } late
    }
transition-views = View
transition-view-board = Board
transition-view-table = Table
transition-filters = Filters
transition-all = All
transition-mine = Mine
transition-nobody = Nobody yet
transition-none = No transitions
transition-none-why = A notice of admission or discharge opens one by itself.
transition-checklist = Checklist
transition-note = Please read
transition-note-why = This ended by itself, from the chart. Nothing more is planned.
transition-asked = Asked { $of }:
transition-on = When?
transition-on-hint = Leave empty for today. For example: yesterday, nov 18
transition-words = What was said or found
transition-still-away = Still there
transition-came-home = Home since that day
transition-proposal = Is this the visit?
transition-proposal-yes = Yes, this is it
transition-visit-day = Day of the visit
transition-complexity = How soon must the visit be?
transition-complexity-undecided = Not decided: 7 days
transition-complexity-high = 7 days (high complexity)
transition-complexity-moderate = 14 days (moderate complexity)
transition-complexity-do = Save
transition-end-title = End this transition
transition-how = How does it end?
transition-how-missing = Choose how it ends
transition-end-finished = Finished: the 30 days are over
transition-end-declined = The patient does not want it
transition-end-lost = Lost touch
transition-end-hospice = Hospice
transition-end-deceased = The patient died
transition-end-withdrawn = Opened by mistake
transition-end-do = End
transition-reopen = Open again
transition-evidence = Evidence
transition-documents = Source documents
transition-document = { $source } · received { $at }
transition-house = Hospital
transition-admitted = Admitted
transition-discharged = Discharged
transition-day-unsure = (the source did not say when: the first day counts)
transition-to = Went to
transition-bucket-home = Home
transition-bucket-home-health = Home with home health
transition-bucket-against-advice = Home, left against advice
transition-bucket-custody = Law enforcement
transition-bucket-transfer = Another hospital
transition-bucket-facility = Nursing facility or rehabilitation
transition-bucket-hospice = Hospice
transition-bucket-deceased = Died
transition-bucket-open = Still a patient
transition-bucket-unknown = Not said
transition-heard = Discharge heard of
transition-period = Thirty days
transition-trc-notice = Notice of admission in 3 days
transition-trc-information = Discharge papers in 3 days
transition-trc-met = yes
transition-trc-missed = no
transition-unknown = not known
transition-owner = Coordinator
transition-linked-next = Next stay
transition-linked-before = Stay before this one
transition-said-medicines = Medicines checked { $day }.
transition-said-booked = Visit booked for { $day }.
transition-said-seen = Visit recorded for { $day }.
transition-said-missed = Missed visit of { $day } recorded.
transition-said-complexity = Saved.
transition-said-home = Home since { $day }: the clocks run.
transition-said-away = Still away on { $day }. Ask again in a week.
transition-said-noted = Read.
transition-said-ended = The transition has ended.
transition-said-reopened = The transition is open again.
transition-over = This transition has ended
transition-still-open = This transition is still open
transition-not-ended-by-hand = Only what a person ended can be opened again
transition-not-home = The patient is not home yet
transition-not-away = The patient is home already
transition-on-future = This day is still to come
transition-on-early = Enter a day after the discharge
transition-visit-first-day = The day of discharge does not count as the visit. Enter a later day
transition-finish-early = The 30 days end on { $day }. Choose another way to end, or wait

# The directory of the community's services.
nav-resources = Community resources
resource-found =
    { $n ->
        [one] 1 entry
       *[other] { $n } entries
    }
resource-find = Find a service
resource-find-hint = A word, a town or a ZIP code: food 94063
resource-find-do = Find
resource-under = Under: { $of }
resource-under-off = Show all
resource-shown = Which entries
resource-show-usable = Active
resource-show-all = All
resource-none = No directory yet
resource-none-why = Drop the files of a directory (Open Referral HSDS, iCarol, VisionLink) into the intake folder, as one zip.
resource-none-such = Nothing fits
resource-none-such-why = Try fewer or other words, or show all entries.
resource-all = All entries
resource-withdrawn = Not listed since { $of }
resource-status-inactive = Inactive
resource-status-defunct = Closed for good
resource-status-temporarily-closed = Closed for now
resource-never-assured = The source does not say when this was last checked
resource-assured = Checked by the source { $of }
resource-modified = Changed by the source { $of }
resource-days-ago =
    { $n ->
        [one] 1 day ago
       *[other] { $n } days ago
    }
resource-what = What it is
resource-says-nothing = The source says no more of it.
resource-provider = Organization
resource-terms = Categories
resource-said-by = Who says so
resource-source-unnamed = Source not named
resource-place = Place
resource-alternate-name = Also called
resource-program = Program
resource-alert = Note
resource-eligibility = For whom
resource-ages = Ages
resource-application = How to apply
resource-documents = Documents needed
resource-fees = Fees
resource-costs = Cost
resource-payments = Payment
resource-wait = Waiting time
resource-languages = Languages
resource-interpretation = Interpreters
resource-areas = Area served
resource-phones = Telephone
resource-hours = Hours
resource-contacts = Ask for
resource-email = E-mail
resource-url = Web address
resource-description = About
resource-parent = Part of
resource-address = Address
resource-postal = Postal address
resource-transportation = How to get there
resource-accessibility = Accessibility
resource-closed = closed
resource-day-mo = Mon
resource-day-tu = Tue
resource-day-we = Wed
resource-day-th = Thu
resource-day-fr = Fri
resource-day-sa = Sat
resource-day-su = Sun
