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
overview-all-events =
    { $n ->
        [one] 1 event
       *[other] All { $n } events
    }
overview-glance = At a glance
timeline-filter = Kinds of event
timeline-all = All
timeline-contact = Contacts
timeline-visit = Visits
timeline-result = Results
timeline-document = Documents
timeline-medicine = Medicines
timeline-problem = Problems
timeline-procedure = Procedures
timeline-immunization = Immunizations
timeline-loop = Loops
timeline-task = Tasks
timeline-transition = Transitions
timeline-today = Today
timeline-empty = Nothing here yet
timeline-empty-why = What exports tell and what you log will show here, the newest first.
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
