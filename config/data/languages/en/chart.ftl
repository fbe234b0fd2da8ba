# The chart: facts that came from exports, each with its source and date.
tab-chart = Chart
tab-medicines = Medicines
tab-documents = Documents
chart-lede = What the exports say. The EHR stays the source of truth.
chart-sections = Sections of the chart
chart-all = All
chart-open = Open
chart-more =
    { $n ->
        [one] Show 1 more
       *[other] Show { $n } more
    }
chart-allergies = Allergies
chart-allergies-none = Allergies not recorded
chart-problems = Problems
chart-problems-none = No problem recorded
chart-medicines = Medicines
chart-medicines-none = No medicine recorded
chart-results = Results
chart-results-none = No result recorded
chart-vitals = Vital signs
chart-vitals-none = No vital sign recorded
chart-immunizations = Immunizations
chart-immunizations-none = No immunization recorded
chart-procedures = Procedures
chart-procedures-none = No procedure recorded
chart-visits = Visits and stays
chart-visits-none = No visit recorded
chart-social = Social history
chart-social-none = No social history recorded
chart-coverage = Coverage
chart-coverage-none = No coverage recorded
chart-relations = Family and others
chart-relations-none = Nobody recorded
chart-latest = Latest measurements
chart-latest-none = No measurement recorded

# A fact.
fact-sources-differ = Sources differ
fact-sensitive = Sensitive
fact-none-known = None known
fact-not-named = Not named by the source
fact-no-date = date not recorded
fact-sources = { $n } documents say so
fact-condition = Problems
fact-medication = Medicines
fact-allergy = Allergies
fact-result = Results
fact-vital = Vital signs
fact-immunization = Immunizations
fact-procedure = Procedures
fact-encounter = Visits and stays
fact-social = Social history
fact-coverage = Coverage
fact-appointment = Appointments
fact-referral = Referrals
fact-goal = Goals
fact-care-plan = Care plans
fact-document = Documents
fact-relation = Family and others
fact-practitioner = Practitioners and institutions
fact-resource = Other statements

# Allergies: four texts, one of them always.
allergies-listed = Allergies: { $list }
allergies-none = No known allergies
allergies-none-said = No known allergies (confirmed { $day })
allergies-no-drug = No known drug allergies
allergies-no-drug-said = No known drug allergies (confirmed { $day })
allergies-not-recorded = Allergies not recorded
allergies-unreadable = Allergies could not be read, see chart
allergy-severe = Severe
allergy-not = Not allergic
allergy-over = No longer

condition-until = until { $of }
condition-not = Ruled out
condition-ended = Over
condition-of-visit = Diagnosis of a visit
condition-at-admission = At admission
condition-at-discharge = At discharge
condition-history = In the past

medicine-for = for { $of }
medicine-until = until { $of }
medicine-not-taken = Not taken
medicine-on-hold = On hold
medicine-stopped = Stopped
medicine-completed = Completed
medicines-lede = Each list as its source gave it. Differences are yours to settle with the clinician.
medicines-admission = Before the stay
medicines-discharge = At discharge
medicines-ordered = Prescribed
medicines-reported = Taken, as reported
medicines-administered = Given during a visit

observation-absent = Asked, not answered
observation-no-value = No value given
observation-range = normal { $of }
observation-high = High
observation-low = Low
observation-critical = Critical
observation-abnormal = Abnormal
observation-preliminary = Preliminary
observation-corrected = Corrected
observation-cancelled = Cancelled

encounter-visit = Visit
encounter-inpatient = Hospital stay
encounter-observation = Observation stay
encounter-emergency = Emergency visit
encounter-short-stay = Short stay
encounter-ambulatory = Office visit
encounter-home = Home visit
encounter-virtual = Telephone or video visit
encounter-until = until { $of }
encounter-planned = Planned
encounter-open = Still open
encounter-cancelled = Cancelled

immunization-lot = lot { $of }
immunization-not-given = Not given
procedure-not-done = Not done
procedure-open = Not finished
coverage-member = member { $of }

documents-files = Files that came
documents-received = received { $of }
documents-none = No document yet
documents-none-why = Exports dropped into the intake folder show here with what was taken from them.
documents-notes = Notes and reports inside
documents-notes-none = No note or report came with the exports
document-title = Document
document-export = Export
document-original = Original
document-facts = Facts taken from it
document-no-facts = No fact of this person was taken from it
document-download = Download the original
document-shared = This file tells of other people too, so it is not shown here. You see what it says of this person.
document-cut = Cut here. The download has all of it.
document-no-text = This file is no text. Download it to look at it.
document-ccda = Clinical document
document-fhir = FHIR export
document-hl7v2 = HL7 message
medicine-lists-differ = Lists differ
timeline-and-more = and { $n } more
document-superseded = Replaced by a newer one

timeline-told-visit = { $what }
timeline-told-procedure = { $what }
timeline-told-immunization = Vaccine: { $what }
timeline-told-document = Document: { $what }
timeline-told-result = { $what }
