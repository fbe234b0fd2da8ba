# Español. Un mensaje por cada cosa que se dice; véase `frame::language`.
month-jan = ene
month-feb = feb
month-mar = mar
month-apr = abr
month-may = may
month-jun = jun
month-jul = jul
month-aug = ago
month-sep = sep
month-oct = oct
month-nov = nov
month-dec = dic
weekday-mon = lunes
weekday-tue = martes
weekday-wed = miércoles
weekday-thu = jueves
weekday-fri = viernes
weekday-sat = sábado
weekday-sun = domingo

# El marco de cada página.
shell-skip = Ir al contenido principal
shell-main-nav = Principal
shell-overdue = atrasadas
shell-status = Estado
shell-find = Buscar un paciente
shell-find-hint = Buscar un paciente: nombre, nacimiento, número de historia, teléfono
shell-search = Buscar
shell-account = Su cuenta,
shell-settings = Sus ajustes
shell-help = Ayuda
shell-accessibility = Accesibilidad
shell-sign-out = Cerrar sesión
shell-lock = Bloquear ahora
script-saving = Guardando…
script-unsaved = Sin guardar: no hay conexión, se conserva en esta pestaña
script-busy = Guardando…
script-down = Almoner no responde. Su texto está a salvo en esta pestaña. Se vuelve a intentar cada 5 segundos.
script-down-now = Intentar ahora
script-ends = Su sesión se cerrará en {"{n}"} minutos. Su texto está guardado.
script-ends-one = Su sesión se cerrará en 1 minuto. Su texto está guardado.
script-ended = Su sesión terminó. Se está conservando lo que escribió.
script-stay = Seguir en la sesión
script-hits = Personas encontradas
script-find-failed = Almoner no responde. Pulse Intro para buscar.
script-found = {"{n}"} encontradas
script-new = {"{n}"} nuevas en su lista.
script-new-one = 1 nueva en su lista.
script-changed = Su lista ha cambiado.
script-show = Mostrar
shell-demo = Demostración: no introduzca pacientes reales
shell-read-only = Almoner no admite cambios por ahora: su disco está casi lleno. Puede consultar, pero no guardar.
shell-until = Sesión abierta hasta las { $of },
shell-idle =
    { $n ->
        [one] o 1 minuto sin uso
       *[other] o { $n } minutos sin uso
    }
print-private = Contiene datos de pacientes. Triturar después de usar.
nav-library = Biblioteca
nav-insight = Análisis
nav-privacy = Privacidad
door-trust = Confiar en este servidor

# El juego de piezas de cada página.
form-optional = (opcional)
form-back = Volver
form-draft-save = Guardar borrador
form-draft-saved = Borrador guardado { $at }
form-draft-restored = Borrador de { $at }, todavía sin guardar.
form-draft-discard = Descartar el borrador
form-draft-gone = El borrador se descartó.
conflict-title = Otra persona cambió esto al mismo tiempo que usted.
conflict-why = Ambos textos se conservan. Donde los dos cambiaron lo mismo, queda el de la otra persona salvo que usted elija el suyo.
conflict-field = Campo
conflict-mine = Usted, ahora
conflict-result = Resultado
conflict-keep-theirs = El de la otra persona
conflict-keep-mine = El mío
conflict-mine-taken = El suyo, sin conflicto
conflict-theirs-taken = El de la otra persona, sin conflicto
conflict-save = Guardar lo elegido
conflict-merged = Se guardó, junto con el cambio de { $theirs }.
intake-progress = { $done } de { $all } archivos de hoy están leídos.
intake-progress-facts = Del archivo que se está leyendo han entrado { $of } datos.
date-unread = No se entiende como fecha. Por ejemplo: 24 nov, mañana, vie 15:00
form-left = Su texto se conserva, pero no se guardó: su formulario ya no está en esta página. Copie lo que necesite.
form-of-another = Otra persona dejó abierta esa página, así que no se guardó nada a nombre de usted. Lo escrito se conserva para esa persona.
form-sent-before = Este formulario ya se guardó con otras palabras, quizá desde otra pestaña. Lo que ve aquí no se guardó. Guarde de nuevo para añadirlo, o vuelva para ver lo que se guardó.
kit-due = Plazo
kit-what = Qué hacer
kit-who = Quién
kit-hours = Las horas de hoy
kit-own-work = Su trabajo
kit-visits = Citas de pacientes
kit-choose-this = Elegir: { $of }
kit-choose = Elegir
kit-bulk-region = Qué hacer con las tareas elegidas
kit-bulk-chosen = Tareas elegidas:
kit-done = Hecho
kit-undo = Deshacer
kit-action = Acción
kit-pages = Páginas
kit-earlier = Anterior
kit-later = Siguiente
kit-pager = { $from } a { $to } de { $total }
kit-step-done = hecho
kit-step-at = ahora
kit-step-to-come = pendiente
kit-step-skipped = omitido
kit-sample = { $of }
kit-find = Buscar
kit-table = Tabla
kit-keep = Conservar
kit-change-here = Cambiar solo aquí
kit-day = Día
kit-month = Mes
kit-year = Año
kit-none-found = Nada coincide con «{ $of }». Revise la ortografía o busque por fecha de nacimiento
kit-more-found =
    { $n ->
        [one] 1 más. Escriba más letras del nombre o la fecha de nacimiento
       *[other] { $n } más. Escriba más letras del nombre o la fecha de nacimiento
    }
kit-before = Antes:
kit-allergies = Alergias
kit-goal-next = Próximo paso:
kit-goal-barrier = Obstáculo: { $of }
kit-goal-proposed = propuesto
kit-goal-active = activo
kit-goal-on-hold = en pausa
kit-goal-met = cumplido
kit-goal-not-met = no cumplido

# Plazos y días en palabras.
due-days-late =
    { $n ->
        [one] 1 día de retraso
       *[other] { $n } días de retraso
    }
due-hours-late =
    { $n ->
        [one] 1 hora de retraso
       *[other] { $n } horas de retraso
    }
due-just-late = acaba de vencer
due-was = era { $of }
due-by = antes de las { $of }
due-today = Hoy
due-any-time = a cualquier hora
due-tomorrow = Mañana
due-ends-today = vence hoy
due-days-left =
    { $n ->
        [one] queda 1 día
       *[other] quedan { $n } días
    }
due-hours-left =
    { $h ->
        [0] quedan { $m } min
       *[other] quedan { $h } h { $m } min
    }
day-today = hoy
day-tomorrow = mañana
day-yesterday = ayer
day-in =
    { $n ->
        [one] dentro de 1 día
       *[other] dentro de { $n } días
    }
day-ago =
    { $n ->
        [one] hace 1 día
       *[other] hace { $n } días
    }
