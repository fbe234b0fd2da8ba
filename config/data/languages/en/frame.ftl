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
shell-sign-out = Sign out
shell-demo = Demonstration: do not enter real patients
shell-read-only = Almoner takes no changes at present: its disk is nearly full. You can look, but not save.
shell-until = Signed in until { $of },
shell-idle =
    { $n ->
        [one] or 1 minute without use
       *[other] or { $n } minutes without use
    }
nav-library = Library
nav-insight = Insight
nav-privacy = Privacy
door-trust = Trust this server
