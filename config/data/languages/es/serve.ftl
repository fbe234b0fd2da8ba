# Puertas: inicio de sesión, ajustes propios, estado, negativas.
form-problem = Hay un problema
form-error = Error:
form-save = Guardar

role-coordinator = Coordinación
role-lead = Coordinación principal
role-clinician = Personal clínico
role-front-desk = Recepción
role-privacy-officer = Responsable de privacidad

page-language-en = English (inglés)
page-language-es = Español
theme-system = Como el dispositivo
theme-light = Claro
theme-dark = Oscuro

staff-settings = Sus ajustes
staff-settings-saved = Sus ajustes están guardados.
staff-looks = Idioma y colores
staff-language = Idioma de las páginas
staff-size = Tamaño de la letra
staff-choose-size = Elija un tamaño de letra
text-size-normal = Normal
text-size-large = Grande
text-size-largest = Muy grande
staff-shortcuts = Atajos de teclado
staff-shortcuts-hint = Teclas sueltas, como / para buscar un paciente. Déjelos desactivados si dicta o usa un lector de pantalla.
shortcuts-off = Desactivados
shortcuts-on = Activados
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

sign-in-title = Iniciar sesión
sign-in-name = Nombre
sign-in-password = Contraseña
sign-in-go = Entrar
sign-in-ticket = Tengo un vale para una contraseña nueva
sign-in-ended = Su sesión ha terminado. Inicie sesión para seguir donde estaba.
sign-in-kept = Su sesión ha terminado. Lo que había escrito se conserva: inicie sesión para continuar.
sign-in-wrong = El nombre o la contraseña no son correctos. Revise ambos e inténtelo de nuevo
sign-in-too-many = Demasiados intentos. Espere un momento e inténtelo de nuevo

ticket-title = Elija su contraseña
ticket-why = La persona que cuida este servidor le dio un vale. Sirve una vez, durante 20 minutos.
ticket-ticket = Vale
ticket-unknown = Este vale no se puede usar: revíselo o pida otro
ticket-done = Su contraseña está guardada. Inicie sesión con ella.

password-title = Cambiar su contraseña
password-old = Contraseña hasta ahora
password-new = Contraseña nueva
password-repeat = Contraseña nueva otra vez
password-hint = Al menos { $n } caracteres; cualquiera, también espacios. Cuatro o cinco palabras van bien.
password-short = Elija al menos { $n } caracteres
password-long = Elija como máximo 256 caracteres
password-common = Mucha gente usa esta contraseña: elija otra
password-words = Está hecha de nombres de este lugar o suyos: añada otras palabras
password-differs = Escriba la misma contraseña en los dos campos
password-old-wrong = Escriba la contraseña que usó hasta ahora
password-done = Su contraseña ha cambiado. Se cerraron sus demás sesiones.

door-title-not-found = No encontrado
door-title-refused = No desde ahí
door-title-broken = Algo ha fallado
door-not-found = Esa página no existe, o no le corresponde verla.
door-other-site = Esta petición vino de otro sitio o tiene otra forma. Abra Almoner e inténtelo ahí.
door-other-host = Este servidor no se conoce por ese nombre. Use la dirección que le dio la clínica.
door-broken = No se perdió nada de lo ya guardado. Inténtelo de nuevo; si sigue así, dé este número a quien cuida el servidor: { $id }
door-back = Ir a la primera página
form-other-patient = Este formulario se abrió para otro paciente, así que no se guardó nada. Revise el nombre de arriba. Guarde de nuevo solo si se refiere a esta persona
form-stale = Otra persona cambió esto mientras usted escribía. Vea lo que dice ahora y guarde de nuevo

trust-title = Confiar en este servidor
trust-why = Almoner demuestra quién es con un certificado propio de la clínica. Hay que decir una vez a cada dispositivo que confíe en él.
trust-get = Obtener el certificado
trust-compare = Compare antes de confiar
trust-compare-how = Pida a la persona que cuida el servidor que le lea esta huella. Debe ser igual, letra por letra.
trust-install = Dónde se pone
trust-windows = Windows: abra el archivo, Instalar certificado, Equipo local, Entidades de certificación raíz de confianza.
trust-mac = Mac: abra el archivo en Acceso a Llaveros, Sistema, y elija Confiar siempre.
trust-ipad = iPad y iPhone: abra el archivo; luego Ajustes, Perfil descargado, Instalar; luego General, Información, Ajustes de confianza.
trust-linux = Linux: añada el archivo a las autoridades de certificación del navegador.

status-title = Estado
status-state = Situación
status-ok = Bien: puede guardar
status-read-only = Solo lectura: el disco está casi lleno
status-failed = Mal: el almacén ha fallado
status-version = Versión
status-started = En marcha desde
status-trail = Rastro
status-entries =
    { $n ->
        [one] 1 entrada
       *[other] { $n } entradas
    }
status-certificate = Certificado
status-until = válido hasta el { $of }
status-fingerprint = Huella de la autoridad de la clínica
