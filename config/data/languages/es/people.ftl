# Personas: quiénes son los pacientes, cómo encontrarlos, y las cuentas del personal.
people-born = Nació
people-sex = Sexo
people-record = Expediente
people-sex-female = Femenino
people-sex-male = Masculino
people-sex-other = Otro
people-sex-unknown = Desconocido
people-not-recorded = sin registrar
people-no-name = Nombre sin registrar
people-no-birth-date = fecha de nacimiento sin registrar
people-no-record-number = sin número de expediente
people-age-years = { $n } años
people-age-months = { $n } meses
people-similar = Nombre parecido
people-interpreter = Necesita intérprete
people-with-interpreter = necesita intérprete
people-today-at = hoy, { $clock }
people-source-unnamed = Fuente sin nombre
language-ase = Lengua de señas americana
language-de = Alemán
language-fa = Persa
language-hi = Hindi
language-it = Italiano
language-ja = Japonés
language-km = Jemer
language-ne = Nepalí
language-pl = Polaco
language-uk = Ucraniano
language-ar = Árabe
language-en = Inglés
language-es = Español
language-fr = Francés
language-ht = Criollo haitiano
language-ko = Coreano
language-pt = Portugués
language-ru = Ruso
language-so = Somalí
language-tl = Tagalo
language-vi = Vietnamita
language-zh = Chino

# El encabezado del expediente.
banner-label = Paciente
banner-tabs = Expediente del paciente
banner-goes-by = le dicen “{ $of }”
banner-as-of = Datos al
banner-log-call = Anotar llamada
banner-died = Falleció
banner-died-on = Falleció el { $day }
banner-speaks = { $text }
banner-similar = Nombre parecido.
banner-duplicate = Posible duplicado.
banner-compare = Comparar

# Pestañas y páginas del expediente.
tab-overview = Resumen
tab-timeline = Cronología
tab-about = Datos personales
overview-do-next = Siguiente paso:
overview-nothing-due = Nada que hacer por ahora
overview-nothing-due-why = No hay nada pendiente para esta persona. Lo que llegue en las exportaciones y lo que usted anote aparecerá aquí.
overview-more =
    { $n ->
        [one] y 1 más está pendiente
       *[other] y { $n } más están pendientes
    }
overview-all-events =
    { $n ->
        [one] 1 evento
       *[other] Los { $n } eventos
    }
overview-glance = De un vistazo
timeline-filter = Tipos de evento
timeline-all = Todo
timeline-contact = Contactos
timeline-visit = Visitas
timeline-result = Resultados
timeline-document = Documentos
timeline-medicine = Medicinas
timeline-problem = Problemas
timeline-procedure = Procedimientos
timeline-immunization = Vacunas
timeline-loop = Pendientes
timeline-task = Tareas
timeline-transition = Transiciones
timeline-today = Hoy
timeline-empty = Todavía no hay nada
timeline-empty-why = Lo que digan las exportaciones y lo que usted anote aparecerá aquí, lo más nuevo primero.
about-who = Quién es
about-reach = Cómo comunicarse
about-names = Nombres y números
about-name = Nombre
about-number = Número
about-ssn = Número de seguro social
about-languages = Idiomas
about-interpreter = Necesita intérprete
about-yes = Sí
about-no = No
about-race = Raza
about-ethnicity = Etnicidad
about-marital = Estado civil
about-doctor = Médico de cabecera
about-phone = Teléfono
about-email = Correo electrónico
about-fax = Fax
about-address = Dirección
about-sources = Fuentes
about-as-of = al { $of }
use-home = casa
use-work = trabajo
use-mobile = celular
use-temp = temporal
use-old = anterior
use-official = Nombre oficial
use-usual = Nombre habitual
use-nickname = Nombre que usa
use-maiden = Apellido de soltera

# Personas que podrían ser la misma.
similar-title = Fáciles de confundir
similar-lede = Revise el nombre, la fecha de nacimiento y el número de expediente antes de actuar.
similar-none = Nadie se parece a esta persona
similar-none-why = Ninguna otra persona aquí tiene este nombre, ni esta fecha de nacimiento con este apellido.
similar-since = visto { $of }
similar-only-name = Otra persona de nombre parecido. Dos expedientes de dos personas, hasta donde sabemos.
similar-why = Podría ser la misma persona:
similar-attribute = Dato
match-loop-what = Decidir un posible duplicado
match-loop-why = Dos expedientes podrían ser de una persona, visto el { $since }
match-loop-next = Comparar
match-same-identifier = mismo número
match-same-name = mismo nombre
match-same-birth-date = misma fecha de nacimiento
match-similar-name = nombre parecido
match-names-swapped = nombre y apellido cambiados
match-near-birth-date = fechas de nacimiento casi iguales
match-name-differs = el nombre es distinto
match-birth-date-differs = la fecha de nacimiento es distinta
match-birth-date-missing = fecha de nacimiento incompleta
match-sex-differs = el sexo es distinto
match-sex-missing = sexo sin registrar
match-suffix-differs = sufijo distinto (Jr, Sr)
match-middle-name-differs = segundo nombre distinto
match-fits-both = una exportación corresponde a ambos

# Buscar y lista de pacientes.
find-title = Buscar un paciente
find-label = Nombre, fecha de nacimiento, expediente o teléfono
find-hint = Por ejemplo: Okafor 1958, 4 mar 1958, 004-81-937, últimos 4 números del teléfono
find-do = Buscar
find-results = Personas encontradas
find-none = Nada coincide con “{ $of }”
find-none-why = Revise cómo está escrito, o busque por fecha de nacimiento.
find-count =
    { $n ->
        [one] 1 persona coincide con “{ $of }”
       *[other] { $n } personas coinciden con “{ $of }”
    }
find-over = Más de { $n } personas coinciden con “{ $of }”. Agregue la fecha de nacimiento o el nombre.
find-shown = Se muestran las primeras { $n }. Agregue la fecha de nacimiento o el nombre.
find-all = Los { $n } resultados
find-all-over = Más de { $n } resultados
find-no-hint = Nada coincide. Revise cómo está escrito, o busque por fecha de nacimiento.
find-recent = Abiertos hace poco
find-used = { $name } “{ $used }”
find-coordinator = Coordina: { $name }
find-why-name = También { $name }
find-why-nickname = “{ $typed }” puede ser { $name }
find-why-heard = Suena como “{ $typed }”
find-why-phone = El teléfono termina en { $digits }
find-why-number = Expediente { $number }
about-coordinator = Coordinación
about-nobody = Nadie todavía
about-give-to = Asignar a
about-give = Asignar el paciente
about-given = { $name } coordina ahora a este paciente. Lo pendiente pasa con él.
about-given-to-nobody = El paciente ya no tiene quien lo coordine. Lo pendiente está en Sin asignar.
about-no-such-coordinator = Elija a alguien de la lista.
