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
shell-sign-out = Cerrar sesión
shell-demo = Demostración: no introduzca pacientes reales
shell-read-only = Almoner no admite cambios por ahora: su disco está casi lleno. Puede consultar, pero no guardar.
shell-until = Sesión abierta hasta las { $of },
shell-idle =
    { $n ->
        [one] o 1 minuto sin uso
       *[other] o { $n } minutos sin uso
    }
nav-library = Biblioteca
nav-insight = Análisis
nav-privacy = Privacidad
door-trust = Confiar en este servidor
