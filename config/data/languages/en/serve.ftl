# Doors: sign-in, one's own settings, status, refusals.
form-problem = There is a problem
form-error = Error:
form-save = Save

role-coordinator = Coordinator
role-lead = Lead coordinator
role-clinician = Clinician
role-front-desk = Front desk
role-privacy-officer = Privacy officer

page-language-en = English
page-language-es = Español (Spanish)
theme-system = As the device
theme-light = Light
theme-dark = Dark

staff-settings = Your settings
staff-settings-saved = Your settings are saved.
staff-looks = Language and colors
staff-language = Language of the pages
staff-size = Size of letters
staff-choose-size = Choose a size of letters
text-size-normal = Normal
text-size-large = Large
text-size-largest = Largest
staff-shortcuts = Keyboard shortcuts
staff-shortcuts-hint = Single keys, such as / to find a patient. Leave them off if you dictate or use a screen reader.
shortcuts-off = Off
shortcuts-on = On
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

sign-in-title = Sign in
sign-in-name = Name
sign-in-password = Password
sign-in-go = Sign in
sign-in-ticket = I have a ticket for a new password
sign-in-ended = Your session has ended. Sign in again to go on where you were.
sign-in-kept = Your session has ended. What you had typed is kept: sign in again to go on.
sign-in-wrong = The name or the password isn't right. Check both and try again
sign-in-too-many = Too many tries. Wait a moment, then try again

ticket-title = Choose your password
ticket-why = The person who looks after this server gave you a ticket. It works once, for 20 minutes.
ticket-ticket = Ticket
ticket-unknown = This ticket can't be used: check it, or ask for a new one
ticket-done = Your password is saved. Sign in with it.

password-title = Change your password
password-old = Password until now
password-new = New password
password-repeat = New password again
password-hint = At least { $n } characters; any characters, spaces too. Four or five words are good.
password-short = Choose at least { $n } characters
password-long = Choose at most 256 characters
password-common = Many people use this password: choose another
password-words = This is made of names of this place or of you: add other words
password-differs = Type the same password in both fields
password-old-wrong = Type the password that you used until now
password-done = Your password is changed. You are signed out everywhere else.

door-title-not-found = Not found
door-title-refused = Not from there
door-title-broken = Something went wrong
door-not-found = There is no such page, or it isn't yours to see.
door-other-site = This request came from another site or has the wrong form. Open Almoner itself and try there.
door-other-host = This server is not known under this name. Use the address that the clinic gave you.
door-broken = Nothing was lost that was saved before. Try again; if it stays so, tell the person who looks after the server this number: { $id }
door-back = Go to the first page
form-other-patient = This form was opened for another patient, so nothing was saved. Check the name above. Save again only if you mean this person
form-stale = Somebody else changed this while you were writing. Look at what it says now, then save again

trust-title = Trust this server
trust-why = Almoner proves who it is with a certificate of the clinic's own. Each device must be told once to trust it.
trust-get = Get the certificate
trust-compare = Compare before you trust
trust-compare-how = Ask the person who looks after the server to read you this fingerprint. It must be the same, letter by letter.
trust-install = Where it goes
trust-windows = Windows: open the file, Install Certificate, Local Machine, Trusted Root Certification Authorities.
trust-mac = Mac: open the file in Keychain Access, System, then set it to Always Trust.
trust-ipad = iPad and iPhone: open the file, then Settings, Profile Downloaded, Install; then General, About, Certificate Trust Settings.
trust-linux = Linux: add the file to the browser's certificate authorities.

status-title = Status
status-state = State
status-ok = Well: it can save
status-read-only = Read-only: the disk is nearly full
status-failed = Ill: the store has failed
status-version = Version
status-started = Running since
status-trail = Trail
status-entries =
    { $n ->
        [one] 1 entry
       *[other] { $n } entries
    }
status-certificate = Certificate
status-until = valid until { $of }
status-fingerprint = Fingerprint of the clinic's authority
