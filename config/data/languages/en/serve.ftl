# Doors: sign-in, one's own settings, status, refusals.
form-problem = There is a problem
form-error = Error:
form-save = Save

role-coordinator = Coordinator
role-lead = Lead coordinator
role-clinician = Clinician
role-front-desk = Front desk
role-privacy-officer = Privacy officer

language-en = English
language-es = Español (Spanish)
theme-system = As the device
theme-light = Light
theme-dark = Dark

staff-settings = Your settings
staff-settings-saved = Your settings are saved.
staff-looks = Language and colors
staff-language = Language of the pages
staff-theme = Colors
staff-choose-language = Choose one of the languages in the list
staff-choose-theme = Choose one of the colors in the list
staff-sessions = Where you are signed in
staff-signed-in-since = Signed in on { $of }
staff-last-used = Last used { $of }
staff-here = this browser
staff-end-session = End
staff-session-ended = That session has ended.
staff-password = Password
staff-change-password = Change your password
staff-name-form = A sign-in name has 2 to 40 small letters, digits, dots or hyphens, and begins with a letter
staff-name-missing = Give the person's name
staff-name-taken = This name is taken, choose another
staff-scope = Choose the scope fhir.read
staff-cover-form = Choose somebody else, and a last day that is not before the first
