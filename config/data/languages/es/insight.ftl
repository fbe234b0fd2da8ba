# Mi día: la lista de trabajo.
nav-my-day = Mi día
my-day-overdue =
    { $n ->
        [one] 1 atrasada
       *[other] { $n } atrasadas
    }
my-day-due-today =
    { $n ->
        [one] 1 para hoy
       *[other] { $n } para hoy
    }
my-day-clocks-today =
    { $n ->
        [one] 1 plazo que vence hoy
       *[other] { $n } plazos que vencen hoy
    }
my-day-week =
    { $n ->
        [one] 1 en los próximos 7 días
       *[other] { $n } en los próximos 7 días
    }
my-day-and = y
my-day-nothing = No hay nada pendiente en los próximos 7 días.
my-day-lists = Listas de trabajo
my-day-mine = Mías
my-day-team = Equipo
my-day-unassigned = Sin asignar
my-day-filters = Filtrar por tipo
my-day-all-kinds = Todos los tipos
my-day-clocks = Plazos en curso
my-day-all-clocks = Todos los plazos
my-day-drafts = Borradores por terminar
my-day-drafts-kept = se guardan 30 días
my-day-draft-saved = guardado { $of }
my-day-changed = Cambiado a las { $at } por { $who }
my-day-any-day = Cualquier día
my-day-any-language = Cualquier idioma
my-day-sort-due = Orden: por plazo
my-day-sort-kind = Orden: por tipo
my-day-sort-who = Orden: por nombre
my-day-clear = Quitar filtros
bulk-do-finish = Marcar hechas
bulk-do-move = Cambiar la fecha
bulk-do-hand-over = Pasar a otra persona
bulk-finish =
    { $n ->
        [one] Marcar hecha 1 tarea
       *[other] Marcar hechas { $n } tareas
    }
bulk-move =
    { $n ->
        [one] Cambiar la fecha de 1 tarea
       *[other] Cambiar la fecha de { $n } tareas
    }
bulk-hand-over =
    { $n ->
        [one] Pasar 1 tarea a otra persona
       *[other] Pasar { $n } tareas a otra persona
    }
bulk-outcome = ¿En qué quedó?
bulk-outcome-hint = Las mismas palabras quedan en la historia de cada tarea.
bulk-none = No eligió ninguna tarea
bulk-none-why = Marque primero las tareas en Mi día. Las llamadas y visitas después del hospital se hacen una por una, en su página.
bulk-finished =
    { $n ->
        [one] Hecha: 1 tarea
       *[other] Hechas: { $n } tareas
    }
bulk-moved =
    { $n ->
        [one] Fecha nueva: 1 tarea
       *[other] Fecha nueva: { $n } tareas
    }
bulk-handed-over =
    { $n ->
        [one] Pasada a otra persona: 1 tarea
       *[other] Pasadas a otra persona: { $n } tareas
    }
bulk-undone =
    { $n ->
        [one] Deshecho: 1 tarea queda como antes
       *[other] Deshecho: { $n } tareas quedan como antes
    }
bulk-failed =
    { $n ->
        [one] 1 tarea no se cambió
       *[other] { $n } tareas no se cambiaron
    }
views-save = Guardar esta vista
views-title = Sus vistas
views-why = Una vista guarda los filtros de Mi día con un nombre, solo para usted.
views-own = Guardadas
view-name = Nombre de la vista
view-name-hint = Por ejemplo: Llamadas en español
view-name-missing = Póngale un nombre a la vista
view-name-long = Use 40 letras como máximo
view-name-taken = Otra vista tiene ese nombre
view-too-many = Borre antes una vista: caben 12
view-save-do = Guardar vista
view-saved = Guardado: { $name }.
view-deleted = Borrado: { $name }.
view-is-first = se abre primero
view-make-first = Abrir Mi día con ella
view-no-first = Abrir Mi día otra vez con su propia lista
view-first-saved = Guardado. Mi día se abre así ahora.
view-new-name = Nombre nuevo para { $of }
view-rename = Cambiar nombre
view-delete = Borrar
my-day-nobody = Nadie todavía
my-day-empty = No hay nada que hacer aquí
my-day-empty-why = Lo que llegue a su fecha aparece aquí solo, también cuando lo trae un archivo de la historia clínica.
my-day-group-overdue = Atrasadas
my-day-group-today = Para hoy
my-day-group-week = Próximos 7 días
my-day-group-later = Más tarde
my-day-more =
    { $n ->
        [one] Mostrar 1 más
       *[other] Mostrar { $n } más
    }
my-day-glance = De un vistazo
my-day-news = Nuevo desde ayer
news-moved-admitted = En el hospital
news-moved-expected = Se espera su alta
news-moved-home = De vuelta a casa del hospital
news-moved-emergency = De vuelta de urgencias
news-moved-facility = Ingresó en un centro
news-moved-finished = Treinta días en casa
news-moved-readmitted = Otra vez en el hospital
news-moved-deceased = Falleció
news-moved-hospice = En cuidados paliativos
news-moved-declined = No quiere seguimiento
news-moved-lost = No se le pudo localizar
news-moved-withdrawn = Ingreso anulado
news-moved-duplicate = Dos estancias eran una
news-open-transition = Abrir la transición
news-intake = Entrada, { $of }
news-files =
    { $files ->
        [one] 1 archivo
       *[other] { $files } archivos
    }, { $facts ->
        [one] 1 dato nuevo.
       *[other] { $facts } datos nuevos.
    }
news-many-files = Más de { $n } archivos desde ayer.
news-see-files = Ver los archivos
news-set-aside = Apartados
news-set-aside-files =
    { $n ->
        [one] 1 archivo no se pudo leer. Se guarda entero.
       *[other] { $n } archivos no se pudieron leer. Se guardan enteros.
    }
news-see-why = Ver por qué
loop-task = Tareas
loop-promise = Llamadas prometidas
loop-transition-contact = Llamadas tras el alta
loop-transition-medicines = Medicamentos tras el alta
loop-transition-visit = Citas tras el alta
loop-transition-monitoring = Seguimiento tras el alta
loop-assignment = Por asignar
loop-match = Posibles duplicados
start-title = Inicio
start-greeting = Buen día, { $of }
start-why = Estas son las páginas que puede abrir.

# Entrada: lo que llegó.
nav-intake = Entrada
intake-lists = Listas de archivos
intake-all = Todos los archivos
intake-set-aside = Apartados
intake-duplicates = Posibles duplicados
intake-waiting =
    { $n ->
        [one] 1 archivo se está leyendo o espera su turno.
       *[other] { $n } archivos se están leyendo o esperan su turno.
    }
intake-idle = Se han leído todos los archivos que llegaron.
intake-none = Todavía no hay archivos
intake-none-why = Los archivos que se dejan en la carpeta de entrada aparecen aquí con lo que se tomó de ellos.
intake-none-aside = No hay archivos apartados
intake-none-aside-why = Un archivo que no se puede leer se guarda entero y aparece aquí, con el motivo.
intake-caption = Archivos, los más nuevos primero
intake-received = Recibido
intake-finished = Leído
intake-not-yet = todavía no
intake-name = Archivo
intake-state = Estado
intake-patients = Pacientes
intake-new-facts = Datos nuevos
intake-problems = Problemas
intake-feeds = De dónde vienen los archivos
intake-feed-last = Último archivo bueno
intake-feed-usual = Pausa más larga
intake-feed-silent = En silencio
intake-feed-regular = Como siempre
intake-feed-new = Nuevo
intake-feed-unknown = todavía no se sabe
intake-feed-days =
    { $n ->
        [0] varios al día
        [one] 1 día
       *[other] { $n } días
    }
intake-source = Fuente
intake-no-source = sin fuente indicada
intake-size = Tamaño
intake-software = Escrito por
intake-digest = SHA-256 comienza por
intake-about = Sobre este archivo
intake-file = Entrada: { $of }
intake-retry = Leer otra vez este archivo
intake-retried = El archivo espera a ser leído otra vez. Tarda unos segundos.
intake-retry-nothing = Solo se puede leer otra vez un archivo apartado o leído en parte
intake-undo = Deshacer esta exportación
intake-undo-lede = Como si el archivo nunca hubiera llegado: se quita lo que solo él decía, queda lo que también dicen otros. Las tareas, los contactos y las decisiones quedan. El archivo se guarda; si llega otra vez, se toma de nuevo.
intake-undo-nothing = No se tomó nada de este archivo, así que no hay nada que deshacer
intake-undone = Este archivo se deshizo el { $of }.
intake-undone-why = Ya no se muestra nada que solo él decía. Sus bytes se guardan.
intake-reread = Leer otra vez con esta versión
intake-reread-lede = Una versión más nueva de Almoner puede leer más en un archivo. Primero se muestra lo que cambia; no se toca lo que hicieron las personas.
intake-wish-busy = El archivo se está leyendo o deshaciendo ahora. Inténtelo en un minuto
intake-wish-duplicate = Los mismos bytes llegaron antes, así que no se tomó nada de este archivo. Use el primer recibo
intake-wish-undone = Este archivo ya se deshizo
intake-anew-look = Mostrar lo que cambiaría
intake-anew-look-again = Calcularlo otra vez
intake-anew-waits = Se está calculando. Cargue esta página otra vez en unos segundos.
intake-anew-wished = Espera su turno. Tarda unos segundos con un documento y más con una exportación grande.
intake-anew-changes = Lo que cambia
intake-anew-when = a { $of }
intake-anew-nothing = No cambia nada
intake-anew-nothing-why = Todo lo que dice el archivo ya está aquí con las mismas palabras.
intake-anew-gone = Se quita
intake-anew-changed = Cambia
intake-anew-new = Nuevo
intake-anew-kept = Queda
intake-anew-lines = Uno por uno
intake-anew-patient = Paciente
intake-anew-transition = Transición
intake-anew-transitions = Transiciones
intake-anew-stay =
    { $n ->
        [one] 1 paciente queda aunque ningún archivo lo nombra ya: hay trabajo de personas sobre él.
       *[other] { $n } pacientes quedan aunque ningún archivo los nombra ya: hay trabajo de personas sobre ellos.
    }
intake-anew-merged = Dos expedientes de un paciente que este archivo nombra se hicieron uno. Sepárelos primero
intake-anew-reason = Motivo
intake-anew-reason-hint = Queda en el registro de actividad.
intake-anew-reason-missing = Escriba el motivo
intake-anew-back = Dejarlo como está
intake-came-before = Los mismos bytes llegaron antes, así que no se tomó nada otra vez.
intake-first-receipt = Ver lo que se tomó entonces
intake-facts = Datos
intake-kind = Tipo
intake-new = Nuevos
intake-same = Ya conocidos
intake-none-known = “Ninguno conocido”
intake-negated = “No”
intake-facts-all = En total
intake-no-facts = No se tomó ningún dato
intake-no-facts-why = Los problemas dicen por qué, si los hay.
intake-not-read = Todavía no se ha leído
intake-not-read-why = Vuelva a cargar esta página en unos segundos.
intake-no-patients = Este archivo no nombra a ningún paciente que hayamos tomado.
place-look = Ver el lugar
place-title = El lugar en el archivo
place-no-text = No hay nada que mostrar
place-no-text-why = Este archivo es comprimido, una imagen u otro sin líneas. Su problema dice qué hacer.
place-start = El problema no nombra una línea: así empieza el archivo
place-witnessed = Que usted miró queda en el registro de auditoría
intake-match-new = Paciente nuevo
intake-match-same = Paciente conocido
intake-match-proposed = Nuevo, quizá duplicado
intake-members = Archivos que contiene
intake-loops = Pendientes
intake-loops-opened = Abiertos
intake-loops-moved = Avanzados
intake-loops-closed = Cerrados
intake-loops-proposed = Por confirmar
intake-at = Dónde: { $of }
intake-more = y { $n } más
intake-duplicates-why = Dos historias que pueden ser de una sola persona. Compárelas antes de escribir en ninguna.
intake-no-duplicates = No hay posibles duplicados
intake-no-duplicates-why = Cuando un paciente nuevo se parece a uno conocido, la pregunta aparece aquí.
intake-status-done = Leído
intake-status-partial = Leído en parte
intake-status-set-aside = Apartado
intake-status-duplicate = Llegó antes
intake-status-waiting = En espera
intake-status-working = Leyéndose
intake-problem-error = No se tomó
intake-problem-warning = Revíselo
intake-problem-info = Nota
intake-format-version = { $format } { $version }
intake-format-ccda = Documento clínico, C-CDA
intake-format-fhir = Registros FHIR
intake-format-fhir-xml = Registros FHIR en XML
intake-format-hl7v2 = Mensaje HL7, versión
intake-format-hl7v2-xml = Mensaje HL7 en XML
intake-format-ccr = Registro de continuidad de la atención
intake-format-x12 = Mensaje de seguros, X12
intake-format-questionnaire = Cuestionario
intake-format-ehi = Tablas de una historia clínica electrónica
intake-format-hsds = Directorio de recursos
intake-format-table = Tabla
intake-format-zip = Archivo zip
intake-format-gzip = Archivo comprimido
intake-format-pdf = PDF
intake-format-rtf = Documento de texto, RTF
intake-format-image = Imagen
intake-format-office = Documento de oficina
intake-format-html = Página web
intake-format-xml = XML de tipo desconocido
intake-format-json = JSON de tipo desconocido
intake-format-empty = Archivo vacío
intake-format-unknown = Tipo de archivo desconocido
intake-document-adt = ingreso, alta o registro
intake-document-siu = cita
intake-document-oru = resultados
intake-document-mdm = documento
intake-document-mixed = varios tipos de mensaje
intake-document-bundle = paquete
intake-document-ndjson = exportación masiva
intake-document-list = lista
intake-document-resource = un registro
intake-document-parameters = parámetros
intake-document-ccd = resumen de la historia
intake-document-history-and-physical = historia y exploración
intake-document-consultation-note = nota de consulta
intake-document-diagnostic-imaging-report = informe de imagen
intake-document-procedure-note = nota de procedimiento
intake-document-operative-note = nota quirúrgica
intake-document-discharge-summary = informe de alta
intake-document-progress-note = nota de evolución
intake-document-unstructured = documento sin estructura
intake-document-transfer-summary = resumen de traslado
intake-document-referral-note = nota de derivación
intake-document-care-plan = plan de atención
intake-document-eicr = informe de caso a salud pública
intake-document-rr = respuesta de salud pública
intake-document-document = documento
intake-document-table = tablas
intake-document-json = un registro
intake-document-page = página de una lista
intake-document-questionnaire = cuestionario
intake-changed = { $n } cambiados
intake-withdrawn = { $n } que ya no figuran
intake-document-270 = consulta de elegibilidad
intake-document-271 = respuesta de elegibilidad
intake-document-278 = autorización

# El registro de accesos.
nav-trail = Registro
tab-trail = Registro
trail-size =
    { $n ->
        [one] 1 entrada. Aquí está cada consulta de una historia y cada cambio.
       *[other] { $n } entradas. Aquí está cada consulta de una historia y cada cambio.
    }
trail-patient-why = Quién vio o cambió esta historia, lo más nuevo primero.
trail-verify = Nadie puede cambiar una entrada sin dejar huella. Para comprobar la cadena entera, pida a informática que ejecute en el servidor:
trail-who = Quién
trail-what = Qué se hizo
trail-when = Cuándo
trail-whose = Historia de
trail-anybody = Cualquiera
trail-anything = Cualquier cosa
trail-show = Mostrar
trail-filters = Lo que se muestra; elija uno para quitarlo
trail-without = { $of } ×
trail-one-patient = Un paciente
trail-from = Desde el día
trail-to = Hasta el día
trail-day-hint = 18 nov, 18/11/26 o -2s
trail-day-wrong = Escriba una fecha como 18 nov o 18/11/26
trail-from-day = desde { $of }
trail-to-day = hasta { $of }
trail-number = N.º { $n }
trail-caption = Entradas del registro, las más nuevas primero
trail-empty = No hay tal entrada
trail-empty-why = Quite un filtro o mire más atrás.
trail-newest = Más nuevas
trail-older = Más antiguas
trail-refused = rechazado
trail-failed = falló
trail-reason = Motivo: { $of }
trail-more-patients = y { $n } más
trail-actor-intake = Entrada de archivos
trail-actor-appliance = Almoner mismo
trail-actor-token = Programa { $of }
trail-actor-admin = Administrador { $of }
trail-actor-gone = Alguien que ya no está

# Ayuda.
help-title = Ayuda
help-why = Cómo hacer lo que más hace. Esta página no necesita internet.
help-day-title = Ver lo que toca
help-day-text = Mi día muestra lo que debe y a quién, lo más urgente primero. El botón de cada línea es su paso siguiente. Equipo muestra lo de todos; Sin asignar, lo que nadie tiene todavía. Nada sale de la lista hasta que se hace, se entrega o se cierra con un motivo.
help-find-title = Buscar un paciente
help-find-text = Escriba en el campo de arriba: un nombre en cualquier orden, una fecha de nacimiento en cualquier forma, un número de historia o las cuatro últimas cifras de un teléfono. Compruebe la fecha de nacimiento y el número antes de abrir una historia.
help-call-title = Anotar una llamada o visita
help-call-text = Elija Anotar llamada en Mi día o en la página del paciente. Diga cómo terminó. Si nadie contestó, Almoner planea el próximo intento y dice cuándo es. Lo que prometió se vuelve una línea de Mi día.
help-transition-title = Acompañar a un paciente que vuelve del hospital
help-transition-text = Un alta abre sola una transición. Llame en dos días hábiles, compare los medicamentos con ambas listas y vea que haya una cita. Dos intentos documentados en dos días también cuentan, y la página lo dice.
help-task-title = Trabajar en una tarea
help-task-text = Ábrala desde Mi día. Termínela con su resultado, cámbiela, déjela en espera o entréguela. Cada paso queda en su historial.
help-files-title = Ver lo que trajo un archivo
help-files-text = Entrada muestra cada archivo que llegó, con lo que se tomó de él y lo que no se pudo leer. Un archivo se toma una vez, por muchas veces que se deje. Nada de lo que llega se pierde: lo que no se puede leer se guarda entero en Apartados.
help-trail-title = Ver quién miró una historia
help-trail-text = Abra la página del paciente y elija Registro. Ahí está cada consulta y cada cambio, con su hora y quién fue. No se puede alterar.
help-wrong-title = Cuando algo parece ir mal
help-wrong-text = Lo que escribió se conserva hasta que lo envíe. Si una página dice que algo no se guardó, no se guardó nada de ello. La página de estado dice cómo está el equipo:
help-day-steps =
    La frase de arriba cuenta lo atrasado y lo que vence hoy. Elija un número para ir ahí.
    El botón de cada línea es el paso siguiente: anotar una llamada, terminar, reservar.
    Marque varias tareas para terminarlas, moverlas o pasarlas de una vez. Deshacer lo revierte.
    Elija filtros y luego Guardar esta vista para volver a ellos.
help-find-steps =
    Bastan dos letras. No importan los acentos, las mayúsculas ni el orden de los nombres.
    También se encuentran los apodos y los nombres que suenan parecido.
    Dos personas con nombre parecido llevan la etiqueta Nombre parecido. Compare la fecha de nacimiento y el número de expediente antes de abrir.
help-call-steps =
    Elija Anotar llamada.
    Elija cómo terminó y escriba lo que se dijo.
    Cambie el día del próximo intento si el propuesto no conviene.
    Guarde. El botón dice el nombre del paciente: compruebe que es el correcto.
help-promise-title = Cumplir una promesa
help-promise-text = Lo que promete a un paciente en una llamada queda como línea en Mi día hasta que se cumpla o usted diga por qué no se pudo.
help-promise-steps =
    Escriba la promesa y su fecha en el formulario de la llamada.
    Ese día aparece en Mi día.
    Abra el contacto y elija que se cumplió, o diga por qué no.
help-transition-steps =
    Abra Transiciones, o la línea en Mi día.
    Anote cada llamada, también las que nadie contestó: dos intentos a tiempo cuentan.
    Compare los medicamentos con las listas lado a lado y diga que lo hizo.
    Reserve la visita y luego diga que tuvo lugar.
    Si el paciente volvió al hospital, el episodio termina solo y empieza el nuevo.
help-task-steps =
    Elija Nueva tarea en la página del paciente.
    Diga qué, para cuándo y quién.
    Termínela con el resultado. Si la tarea necesita una fecha o un contacto, lo pide.
    Elija Cambiar para otras palabras u otra fecha. Si otra persona la cambió al mismo tiempo, Almoner muestra ambos textos y pregunta.
    El último paso se puede deshacer durante un día.
help-drafts-title = Cuando falla la conexión o se acaba el tiempo
help-drafts-text = Lo que escribe se guarda solo como borrador. Nadie más puede ver sus borradores. Se conservan 30 días.
help-drafts-steps =
    Debajo del formulario se ve cuándo se guardó el borrador.
    Si Almoner no responde, deje la página abierta: su texto está en ella y se vuelve a intentar solo.
    Si termina su sesión, inicie sesión de nuevo. El formulario sigue ahí con su texto.
    Un borrador sin guardar aparece en Mi día, en Borradores por terminar.
    Un formulario enviado dos veces se guarda una vez.
    En un equipo compartido, lo que dejó abierto se conserva para usted y nunca se guarda a nombre de otra persona.
help-files-steps =
    Abra Entrada. Leído significa que se entendió todo.
    Leído en parte significa que lo correcto está en los datos clínicos y lo demás aparece en una lista.
    Apartado significa que no se tomó nada. Ábralo para ver por qué y qué hacer.
    Un archivo que ya había llegado no cambia nada.
help-duplicate-title = Decidir si dos registros son una persona
help-duplicate-text = Cuando un archivo corresponde a alguien conocido, pero sin certeza, Almoner crea un registro nuevo y le pregunta. Nunca une a dos personas por sí mismo si no está seguro.
help-duplicate-steps =
    Abra la línea en Mi día, o Entrada, Posibles duplicados.
    Compare lado a lado el nombre, la fecha de nacimiento, la dirección y los números, y lea lo que habla a favor y en contra.
    Elija una persona o dos. Una decisión contra lo que dicen los registros pide un motivo.
    Si no puede saberlo, elija No es seguro y llame al paciente o pregunte a quien envió el archivo: se pregunta de nuevo más tarde.
    Para deshacer una decisión, abra la página de personas parecidas del paciente.
help-wrong-patient-title = Si escribió en el paciente equivocado
help-wrong-patient-text = Lo firmado nunca se borra: se tacha con un motivo y ambas cosas quedan en el registro.
help-wrong-patient-steps =
    Abra el contacto y elija que se anotó por error. Diga por qué.
    Anótelo de nuevo en la página del paciente correcto.
    Una tarea del paciente equivocado se cancela con un motivo.
help-print-title = Imprimir
help-print-text = Mi día, la página de un paciente y una transición se imprimen como hojas para Carta y A4, con los datos del paciente arriba. Use Imprimir del navegador.
help-print-steps =
    La hoja dice quién la imprimió y cuándo.
    Contiene datos de pacientes: tritúrela después de usarla.
help-keyboard-title = Trabajar con el teclado
help-keyboard-text = A todo se llega con Tab y todo se hace con Intro. Los atajos de una tecla están apagados hasta que los encienda en sus ajustes.
help-keyboard-steps =
    Ctrl e Intro guardan un formulario. Esc cierra un menú.
    En una lista, las flechas van de línea en línea.
    Con los atajos encendidos: / busca, ? abre esta ayuda, g y luego d abre Mi día, g y luego c sus pacientes, g y luego t las transiciones, j y k mueven, x selecciona, e abre el paso siguiente, z deshace.
help-words-title = Qué significan las palabras
help-words-text = Las mismas palabras se usan en todo Almoner.
help-words-steps =
    Datos clínicos: lo que vino del sistema clínico electrónico. Solo se lee, y cada dato dice de dónde vino.
    Registro de atención: lo que usted y sus colegas escriben aquí.
    Pendiente: una promesa con responsable y fecha. Sigue abierta hasta que algo demuestre que se cumplió.
    Transición: los 30 días después de que un paciente sale del hospital.
    Mis pacientes: aquellos cuya coordinación es suya.
    Registro: la lista de quién vio o cambió qué. No se puede alterar.
help-search = Buscar en la ayuda
help-none = Ningún tema tiene todas esas palabras. Pruebe con menos, o mire la lista.
help-all = Todos los temas
help-none-title = Sin resultados
access-title = Accesibilidad
access-why = Almoner está hecho para personas que usan solo el teclado, un lector de pantalla, letra grande o una tableta. Su meta es WCAG 2.2, nivel AA.
access-can = Lo que funciona
access-keyboard = A todo se llega y todo se hace con Tab y Entrar. El primer enlace de cada página salta a su parte principal.
access-reader = Los títulos, tablas, listas y formularios están marcados como tales. Los errores se nombran arriba y junto a su campo.
access-scripts = Cada página y cada acción funcionan sin scripts.
access-size = La letra se puede agrandar hasta el 400 por ciento sin que se pierda nada.
access-colors = Nada se dice solo con color o símbolo. Los colores claros u oscuros se eligen en
access-limits = Límites conocidos
access-limit-messages = Lo que el lector de un archivo dice de los problemas está en inglés.
access-limit-documents = Los documentos de otras clínicas se muestran como llegaron: sus títulos e idiomas pueden no estar marcados.
access-limit-tested = Probado con Chromium y pruebas automáticas; todavía no con todos los lectores de pantalla.

# Lo que se hizo, en palabras del registro.
trail-wrong = contraseña incorrecta
trail-delayed = demasiados intentos
verb-account-settings = Cambió sus ajustes
verb-appliance-init = Creó este equipo
verb-backup-take = Hizo una copia de seguridad
verb-caseload-assign = Asignó un paciente
verb-certificate-found = Creó un certificado
verb-certificate-renew = Renovó el certificado
verb-chart-read = Consultó una historia
verb-contact-record = Anotó un contacto
verb-contact-amend = Añadió algo a un contacto
verb-contact-mistake = Marcó un contacto como error
verb-contact-promise = Cerró una promesa
verb-demo-staff = Creó las cuentas de la demostración
verb-fhir-read = Leyó por FHIR
verb-fhir-search = Buscó por FHIR
verb-fhir-everything = Leyó una historia entera por FHIR
verb-fhir-match = Preguntó por FHIR quién es alguien
verb-intake-anew = Tomó archivos de nuevo
verb-intake-edition = Puso una versión más nueva de un documento en lugar de otra
verb-intake-preview = Calculó lo que cambiaría
verb-intake-reread = Hizo leer otra vez un archivo con una versión más nueva
verb-intake-reread-done = Leyó otra vez un archivo con una versión más nueva
verb-intake-undo = Hizo deshacer un archivo
verb-intake-undone = Deshizo un archivo
verb-intake-wish-dropped = No pudo deshacer ni leer otra vez un archivo
verb-intake-begin = Empezó un archivo
verb-intake-file = Archivó un recibo
verb-intake-finish = Terminó un archivo
verb-intake-receive = Recibió un archivo
verb-intake-retry = Hizo leer otra vez un archivo
verb-intake-keep = Guardó una parte de un archivo grande
verb-intake-take = Tomó datos de un archivo
verb-page-open = Se le negó una página
verb-patient-apart = Decidió que dos expedientes son de dos personas
verb-patient-apart-undo = Deshizo que dos expedientes son de dos personas
verb-patient-keep = Mantuvo unido un expediente que una fuente había separado
verb-patient-merge = Hizo un registro de dos
verb-intake-look = Miró un lugar de un archivo recibido
verb-patient-put-off = No supo si dos registros son uno
verb-patient-split = Hizo de un expediente dos personas
verb-patient-unmerge = Volvió a hacer dos registros de uno
verb-password-change = Cambió una contraseña
verb-session-end = Terminó una sesión
verb-session-seen = Usó una sesión
verb-draft-keep = Guardó un borrador
verb-draft-discard = Descartó un borrador
verb-draft-forget = Olvidó borradores antiguos
verb-sign-in = Inició sesión
verb-sign-out = Cerró sesión
verb-task-undo = Deshizo un paso de una tarea
verb-view-save = Guardó una vista
verb-view-rename = Cambió el nombre de una vista
verb-view-delete = Borró una vista
verb-view-first = Eligió la primera vista
verb-task-open = Abrió una tarea
verb-task-finish = Terminó una tarea
verb-task-reopen = Volvió a abrir una tarea
verb-task-start = Empezó una tarea
verb-task-hold = Puso una tarea en espera
verb-task-hand-over = Entregó una tarea
verb-task-edit = Cambió una tarea
verb-task-move = Cambió la fecha de una tarea
verb-task-cancel = Canceló una tarea
verb-transition-medicines = Revisó los medicamentos tras el alta
verb-transition-visit = Anotó una cita tras el alta
verb-transition-complexity = Dijo cuán compleja es una transición
verb-transition-where = Dijo dónde está un paciente
verb-transition-note = Escribió una nota en una transición
verb-transition-end = Terminó una transición
verb-transition-reopen = Volvió a abrir una transición
verb-token-create = Creó una credencial de programa
verb-token-revoke = Revocó una credencial de programa
verb-token-seen = Usó una credencial de programa
verb-user-add = Añadió una cuenta
verb-user-disable = Desactivó una cuenta
verb-user-enable = Activó una cuenta
verb-user-reset = Restableció una contraseña
kind-patient = paciente
kind-account = cuenta
kind-session = sesión
kind-token = credencial
kind-ticket = permiso de un solo uso
kind-sighting = mención en un archivo
kind-intake-file = archivo
kind-fact = dato
kind-resource = recurso
kind-contact = contacto
kind-task = tarea
kind-transition = transición

# La lista de pacientes.
nav-caseload = Mis pacientes
caseload-lede =
    { $n ->
        [one] 1 persona
       *[other] { $n } personas
    }
caseload-nothing-due = Nada pendiente
caseload-none = No tiene pacientes asignados
caseload-none-why = La persona a cargo asigna los pacientes a los coordinadores.
caseload-over = Sus primeros { $n } pacientes
caseload-shown = Qué pacientes
caseload-show-all = Todos
caseload-show-late = Con algo atrasado
caseload-show-quiet = Nada pendiente
caseload-name = Paciente
caseload-due = Próximo plazo
caseload-open = Pendientes
caseload-contact = Último contacto
caseload-gaps = Sin registrar
caseload-late = { $n } atrasados
caseload-no-contact = ninguno registrado
caseload-no-gaps = no falta nada
caseload-gap-phone = teléfono
caseload-gap-address = dirección
caseload-gap-language = idioma
caseload-gap-birth = fecha de nacimiento
caseload-log = Registrar contacto
caseload-none-such = Ningún paciente suyo está así
caseload-none-such-why = Elija otra lista.
caseload-sizes = Líneas por página
caseload-size = { $n } líneas

# Qué son las columnas de una lista.
map-open = Decir qué son las columnas
map-title = Qué son las columnas de esta lista
map-page = Columnas: { $of }
map-doubt-header = No se sabe qué son las columnas. Todavía no se tomó nada.
map-doubt-kind = No es seguro de qué trata esta lista. Todavía no se tomó nada.
map-doubt-dates = En algunas fechas el día puede ir primero. Todavía no se tomó nada.
map-how = Cómo se lee
map-kind = Esta es una lista de
map-kind-hint = Las opciones de cada columna cambian después de «Mostrar cómo se lee».
map-dates = Fechas como 3/4/2026
map-dates-hint = Mire fechas de la lista cuyo día sea mayor que 12.
map-month-first = Primero el mes: 4 de marzo
map-day-first = Primero el día: 3 de abril
map-columns = Columnas
map-heading = Encabezado
map-examples = Ejemplos
map-holds = Contiene
map-holds-of = Qué contiene { $of }
map-column = Columna { $of }
map-leave = Nada que tomemos
map-caseload = Una columna de la lista de pacientes
map-preview = Las primeras filas, como se leerían
map-nobody = Ninguna fila nombra a un paciente
map-nobody-why = Diga qué columna contiene el nombre o el número de expediente.
map-row = Fila
map-who = Conocido o nuevo
map-said = Qué se tomaría
map-name = Nombre de esta lista
map-name-hint = La próxima lista de esta fuente con los mismos encabezados se lee de la misma manera.
map-name-missing = Escriba un nombre para esta lista
map-name-long = Escriba un nombre más corto, de hasta 60 letras
map-missing = Diga qué columna contiene uno de: { $fields }
map-twice = Solo una columna puede contener: { $field }
map-save = Guardar y leer la lista
map-look = Mostrar cómo se lee
map-saved = Guardado. La lista se está leyendo; tarda unos segundos.
intake-format-list = Lista
map-kind-patients = Pacientes
map-kind-tracking = Hoja de seguimiento de la clínica
map-kind-appointments = Citas
map-kind-referrals = Referidos
map-kind-problems = Problemas
map-kind-medications = Medicamentos
map-kind-allergies = Alergias
map-kind-coverage = Seguros
map-kind-discharges = Estancias en hospital y urgencias
map-kind-immunizations = Vacunas
map-kind-results = Resultados
intake-document-patients = pacientes
intake-document-tracking = hoja de seguimiento de la clínica
intake-document-appointments = citas
intake-document-referrals = referidos
intake-document-problems = problemas
intake-document-medications = medicamentos
intake-document-allergies = alergias
intake-document-coverage = seguros
intake-document-discharges = estancias en hospital y urgencias
intake-document-immunizations = vacunas
intake-document-results = resultados
field-mrn = Número de expediente
field-ssn = Número de seguro social
field-name = Nombre completo
field-last-name = Apellido
field-first-name = Nombre
field-middle-name = Segundo nombre
field-suffix = Sufijo (Jr, Sr)
field-preferred-name = Nombre que usa
field-dob = Fecha de nacimiento
field-sex = Sexo
field-phone = Teléfono de casa
field-mobile-phone = Teléfono celular
field-work-phone = Teléfono del trabajo
field-email = Correo electrónico
field-address = Calle
field-address2 = Segunda línea de la dirección
field-city = Ciudad
field-state = Estado
field-zip = Código postal
field-language = Idioma
field-interpreter = Necesita intérprete
field-race = Raza
field-ethnicity = Etnia
field-marital = Estado civil
field-deceased = Falleció
field-pcp = Médico de cabecera
field-payer = Seguro
field-plan = Plan
field-member-id = Número de miembro
field-group = Número de grupo
field-effective = Asegurado desde
field-termination = Asegurado hasta
field-appt-id = Número de la cita
field-appt-date = Día de la cita
field-appt-time = Hora de la cita
field-appt-end = Fin de la cita
field-duration = Minutos
field-visit-type = Tipo de visita
field-reason = Motivo
field-appt-status = Estado de la cita
field-provider = Profesional
field-location = Lugar
field-referral-id = Número del referido
field-referral-date = Día del referido
field-referred-to = Referido a
field-specialty = Especialidad
field-referring-provider = Referido por
field-urgency = Prioridad
field-referral-status = Estado del referido
field-auth-number = Número de autorización
field-auth-expires = Fin de la autorización
field-visits-authorized = Visitas autorizadas
field-date-seen = Día en que fue atendido
field-report-received = Informe recibido
field-diagnosis = Diagnóstico o problema
field-diagnosis-code = Código del diagnóstico
field-onset = Desde
field-resolved = Resuelto
field-problem-status = Estado del problema
field-medication = Medicamento
field-medication-code = Código del medicamento
field-dose = Dosis
field-sig = Indicaciones
field-route = Vía
field-frequency = Frecuencia
field-med-start = Inicio del medicamento
field-med-stop = Fin del medicamento
field-med-status = Estado del medicamento
field-refills = Repeticiones
field-allergen = Alergia a
field-reaction = Reacción
field-severity = Gravedad
field-allergy-status = Estado de la alergia
field-visit-id = Número de la visita
field-admit-date = Ingreso
field-discharge-date = Alta
field-facility = Hospital
field-disposition = Destino al alta
field-patient-class = Hospitalización, urgencias …
field-vaccine = Vacuna
field-vaccine-code = Código de la vacuna (CVX)
field-vaccine-date = Fecha de la vacuna
field-lot = Lote
field-manufacturer = Fabricante
field-test = Prueba
field-test-code = Código de la prueba (LOINC)
field-result-value = Resultado
field-unit = Unidad
field-reference-range = Valores normales
field-flag = Marca (alto, bajo)
field-result-date = Día del resultado
field-coordinator = Coordinador
verb-intake-ask = Anotó una pregunta sobre una lista
verb-intake-map = Dijo qué son las columnas de una lista
verb-caseload-value = Cambió una columna de la lista de pacientes
verb-caseload-column = Cambió las columnas de la lista de pacientes
kind-list-profile = lectura guardada de una lista
kind-list-question = pregunta sobre una lista
kind-caseload-column = columna de la lista de pacientes
kind-caseload-value = valor de la lista de pacientes
