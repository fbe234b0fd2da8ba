# Puertas: inicio de sesión, ajustes propios, estado, negativas.
form-problem = Hay un problema
form-error = Error:
form-save = Guardar

role-coordinator = Coordinación
role-lead = Coordinación principal
role-clinician = Personal clínico
role-front-desk = Recepción
role-privacy-officer = Responsable de privacidad

language-en = English (inglés)
language-es = Español
theme-system = Como el dispositivo
theme-light = Claro
theme-dark = Oscuro

staff-settings = Sus ajustes
staff-settings-saved = Sus ajustes están guardados.
staff-looks = Idioma y colores
staff-language = Idioma de las páginas
staff-theme = Colores
staff-choose-language = Elija uno de los idiomas de la lista
staff-choose-theme = Elija uno de los colores de la lista
staff-sessions = Dónde tiene la sesión abierta
staff-signed-in-since = Sesión abierta el { $of }
staff-last-used = Último uso { $of }
staff-here = este navegador
staff-end-session = Cerrar
staff-session-ended = Esa sesión está cerrada.
staff-password = Contraseña
staff-change-password = Cambiar su contraseña
staff-name-form = Un nombre de usuario tiene de 2 a 40 letras minúsculas, cifras, puntos o guiones, y empieza por una letra
staff-name-missing = Indique el nombre de la persona
staff-name-taken = Este nombre ya existe, elija otro
staff-scope = Elija el alcance fhir.read
staff-cover-form = Elija a otra persona, y un último día que no sea anterior al primero
