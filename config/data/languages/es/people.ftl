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

# De dónde vienen los datos, al final de sus páginas.
sources-label = De dónde vienen estos datos
sources-last = { $source }, último archivo bueno { $when }
sources-silent = En silencio más de lo habitual
sources-none = archivos sin origen indicado

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
overview-tries = Intentos hasta ahora
overview-look = Verlo
overview-all-events = Todos los eventos
overview-glance = De un vistazo
timeline-filter = Tipos de evento
timeline-all = Todo
timeline-contact = Contactos
timeline-visit = Visitas
timeline-result = Resultados
timeline-document = Documentos
timeline-procedure = Procedimientos
timeline-immunization = Vacunas
timeline-loop = Pendientes
timeline-today = Hoy
timeline-empty = Todavía no hay nada
timeline-empty-why = Lo que digan las exportaciones y lo que usted anote aparecerá aquí, lo más nuevo primero.
timeline-by = De quién
timeline-by-anybody = Cualquiera
timeline-by-here = Escrito aquí, por cualquiera
timeline-by-staff = Escrito aquí por { $of }
timeline-by-source = Fuente: { $of }
timeline-to = Ir a una fecha
timeline-to-hint = 18 nov, 18/11/26 o -2s
timeline-to-wrong = Escriba una fecha como 18 nov o 18/11/26
timeline-show = Mostrar
timeline-newest = Lo más reciente
timeline-earlier = Anterior
timeline-continued = { $of }, continuación
timeline-none = Ningún evento coincide
timeline-none-why = Nada de este tipo, de estas personas, hasta esta fecha. Elija otra cosa arriba o vea todo.
timeline-everything = Mostrar todo
timeline-looked = Nada que coincida hasta { $of }
timeline-looked-why = El expediente sigue más atrás. Pulse Anterior para continuar.
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
similar-this = Este expediente
similar-other = El otro
similar-decide = Decidir sobre este par
similar-apart = No es la misma persona
similar-reason = Por qué son dos personas
similar-reason-hint = Por ejemplo: padre e hijo, o ambos estuvieron aquí el mismo día
similar-reason-missing = Escriba por qué son dos personas
similar-said-apart = { $name } es otra persona. No se volverán a proponer.
similar-said-undone = Deshecho. { $name } puede ser la misma persona y la decisión queda abierta otra vez.
similar-decided = Decidido: no es la misma persona
similar-decided-reason = Por qué: { $of }
similar-undo = Deshacer
decide-title = ¿Una persona o dos?
decide-none = No hay nada que decidir
decide-none-why = Ya no se propone a nadie como la misma persona que este paciente.
decide-probable = Probablemente son una misma persona
decide-possible = Podrían ser una misma persona
decide-put-off = sin decidir, vuelve el { $of }
decide-for = Lo que habla a favor de una misma persona
decide-against = Lo que habla en contra
decide-asks = Por qué debe decidirlo una persona
decide-weighs-much = { $of }: pesa mucho
decide-weighs-some = { $of }: pesa algo
decide-weighs-little = { $of }: pesa poco
decide-files = Archivos
decide-files-of = el último de { $source }, { $last }
decide-files-count =
    { $n ->
        [one] 1 archivo
       *[other] { $n } archivos
    }
decide-loops = Pendiente
decide-loops-count =
    { $n ->
        [one] 1 pendiente
       *[other] { $n } pendientes
    }
decide-handmade = Hecho aquí
decide-handmade-count =
    { $n ->
        [one] 1 entrada nuestra
       *[other] { $n } entradas nuestras
    }
decide-nothing = nada
decide-same = Misma persona: hacer un solo registro
decide-same-why = De los dos se hace un solo registro, y todo lo que depende de ellos se mueve también. Cada decisión se puede deshacer en la página de personas parecidas del paciente.
decide-first = Elija primero:
decide-reason = Por qué son una misma persona
decide-reason-hint = Por ejemplo: cambió de apellido al casarse, lo dijo por teléfono
decide-reason-missing = Escriba por qué son una misma persona aunque mucho habla en contra
decide-unsure = No es seguro: preguntar más tarde
decide-said-same = { $name } es ahora un solo registro.
decide-said-unsure = { $name }: se preguntará de nuevo el { $until }, o antes si datos nuevos lo hacen más probable.
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
match-nickname = forma familiar del mismo nombre
match-family-differs = el apellido es distinto
match-given-differs = el nombre es distinto
match-same-middle-name = mismo segundo nombre
match-same-sex = mismo sexo
match-same-address = misma dirección
match-same-house = casi la misma dirección
match-same-street = misma calle y código postal
match-same-zip = mismo código postal
match-same-town = misma ciudad
match-shared-address = misma dirección, donde se localiza a muchas personas
match-same-phone = mismo teléfono
match-same-email = mismo correo electrónico
match-shared-phone = mismo teléfono o correo, que tienen varias personas
match-same-member = mismo número del plan de salud
match-same-ssn = mismo número de seguro social
match-same-ssn-end = mismos últimos dígitos del seguro social
match-near-ssn = números de seguro social casi iguales
match-ssn-differs = el número de seguro social es distinto
match-number-differs = una misma fuente dio a cada uno su propio número de registro
match-death-differs = las fechas de fallecimiento son distintas
match-twins = pueden ser gemelos
match-generations = pueden ser madre o padre e hijo
match-household = pueden ser dos personas de un mismo hogar
match-placeholder = hay una palabra en lugar del nombre
match-overlay = un número de registro volvió con otro nombre y otra fecha de nacimiento
match-source-says = una fuente dice que son la misma persona
banner-doubted = Una fuente dice que son dos personas.
match-doubt-what = Decidir si un registro es de dos personas
match-doubt-why = Una fuente dice que este registro es de dos personas, visto { $since }
match-doubt-says = { $of } dice que son dos personas
match-doubt-one = La una
match-doubt-other = La otra
match-doubt-one-line = Los dos números están aquí en una misma línea de la fuente, y el registro no se puede separar por ellos. Pida a la fuente que envíe de nuevo a los dos pacientes.
match-doubt-part = Hacer dos registros
match-doubt-reason = Por qué son, aun así, una misma persona
match-doubt-reason-hint = Por ejemplo: el hospital confirmó por teléfono que envió el mensaje por error
match-doubt-reason-missing = Escriba por qué son una misma persona aunque su fuente dice otra cosa
match-doubt-keep = Siguen juntos
match-doubt-said-kept = { $name } sigue siendo un solo registro.
match-parted = eran un solo registro hasta que alguien hizo dos

# Dos personas en un registro.
split-title = Dos personas en un registro
split-lede = Cuando lo que dice una fuente es de otra persona, de este registro se hacen dos.
split-ask = ¿Una fuente habla aquí de otra persona?
split-choose = ¿Cuáles de estos son de otra persona?
split-choose-hint = Cada línea es lo que una fuente llama uno de sus pacientes.
split-one = Todo lo de aquí es lo que una fuente llama un solo paciente: no hay nada que separar. Si un archivo trajo datos de otra persona, deshaga ese archivo.
split-look = Mostrar lo que se movería
split-go = Pasa a un registro nuevo
split-go-why = Todo lo que dicen los archivos de estas líneas pasa también: problemas, medicinas, resultados, documentos, estancias.
split-stay = Se queda aquí
split-stay-why = Lo escrito aquí se queda: tareas, contactos, la persona coordinadora. Revíselo después: algo puede ser de la otra persona.
split-unsure =
    { $n ->
        [one] 1 archivo del que no se puede saber de quién es
       *[other] { $n } archivos de los que no se puede saber de quién son
    }
split-now = Hacer dos registros
split-back = Se puede deshacer: anule la decisión de que son dos personas y después haga un solo registro.
split-reason-hint = Por ejemplo: el laboratorio escribió el número de expediente de otra persona
split-said = { $name } tiene ahora un registro propio.
split-none = Elija lo que es de otra persona
split-all = Deje al menos una línea aquí: ¿de quién sería el registro?
split-merged = Todo esto vino con un registro que se unió a este. Deshaga eso, en la página de personas parecidas.
split-reason-missing = Escriba por qué son dos personas

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

# Las columnas propias de la clínica.
columns-panel = De la hoja de la clínica
columns-nothing = nada escrito
columns-change = Cambiar
columns-changed = Guardado: { $column }
columns-save = Guardar
columns-sheet-says = La hoja dice: { $of }
columns-changed-by = Escrito por { $of }
columns-day-hint = Como 23/11 o 23 nov
columns-no-day = Escriba un día, como 23/11/2026
columns-no-answer = Elija sí o no
columns-too-long = Escriba como máximo 4000 letras
columns-order = Columnas de la lista de pacientes
columns-order-why = Llegaron con la hoja de la clínica. La próxima hoja las encuentra por el nombre con el que llegaron.
columns-none = Todavía no hay columnas
columns-none-why = Ponga la hoja de seguimiento de la clínica en la carpeta de entrada.
columns-name = Nombre
columns-place = Lugar
columns-type = Tipo
columns-type-text = Texto
columns-type-date = Día
columns-type-yes-no = Sí o no
columns-type-choice = Opción
columns-shown = En la lista de pacientes
columns-saved = Guardado: { $column }
columns-name-missing = Escriba un nombre para la columna
columns-name-long = Escriba un nombre más corto, de hasta 60 letras
columns-name-taken = Otra columna tiene este nombre. Escriba otro nombre
columns-order-number = Escriba un número entero para el lugar
merge-refused-apart = Alguien decidió que son dos personas. Deshaga primero esa decisión.
unmerge-refused-later = Este registro se unió después a otro. Deshaga primero esa unión.
merge-refused-transitions = Los dos tienen una transición abierta en la que alguien ha trabajado. Termine primero una de ellas.
merged-said-undone = Deshecho: vuelven a ser dos registros.
merged-title = Formado por estos registros
merged-undo = Deshacer
merged-by-source = Por el mensaje de una fuente
merged-moved = Este registro se unió a otro
merged-moved-why = Dos registros eran una misma persona. Todo está en el siguiente.
