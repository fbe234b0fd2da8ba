# Transiciones: del hospital a treinta días en casa.
nav-transitions = Transiciones
tab-transitions = Transiciones
transition-title = Transición
transition-contact-what = Llamar después del alta del hospital
transition-contact-why =
    { $n ->
        [0] En casa desde { $day } · sin llamar todavía
        [one] En casa desde { $day } · 1 intento
       *[other] En casa desde { $day } · { $n } intentos
    }
transition-contact-for-why =
    { $n ->
        [0] { $reason } · en casa desde { $day } · sin llamar todavía
        [one] { $reason } · en casa desde { $day } · 1 intento
       *[other] { $reason } · en casa desde { $day } · { $n } intentos
    }
transition-late-news-why =
    { $n ->
        [0] En casa desde { $day }, se supo después del plazo
        [one] En casa desde { $day }, se supo después del plazo · 1 intento
       *[other] En casa desde { $day }, se supo después del plazo · { $n } intentos
    }
transition-satisfied-why = { $n } intentos desde { $day }: la regla está cumplida, siga intentando
transition-contact-rule = Llamar en 2 días hábiles después del alta
transition-medicines-what = Revisar las medicinas después del alta
transition-medicines-why = En casa desde { $day } · la lista no está revisada
transition-medicines-next = Revisar medicinas
transition-visit-what = Visita después del alta del hospital
transition-visit-why = En casa desde { $day } · sin visita reservada · 7 días: { $high }, 14 días: { $moderate }
transition-booked-why = En casa desde { $day } · visita el { $on }
transition-visit-rule = Visita en 7 días después del alta, o en 14
transition-visit-book = Reservar visita
transition-visit-record = Anotar visita
transition-visit-missed = No vino
transition-period-what = Día 30 después del alta del hospital
transition-period-why = En casa desde { $day } · pregunte cómo le fue y termine
transition-period-next = Terminar
transition-emergency-what = Seguimiento después de emergencias
transition-emergency-why = En casa desde { $day } · sin seguimiento todavía
transition-emergency-rule = Seguimiento en 7 días después de emergencias
transition-away-what = Preguntar cuándo vuelve a casa
transition-away-why = En una residencia desde { $day }
transition-away-next = Anotar respuesta
transition-silent-what = ¿Sigue el paciente en el hospital?
transition-silent-why = Ingresó el { $day } · sin noticias desde entonces
transition-silent-next = Anotar respuesta
transition-tell-deceased = El paciente murió: detener recordatorios
transition-tell-hospice = El paciente está ahora en hospicio
transition-tell-withdrawn = El hospital retiró el ingreso
transition-tell-why = Se supo el { $day }
transition-tell-next = Lo he leído
transition-stage-admitted = En el hospital
transition-stage-expected = Alta esperada
transition-stage-home = En casa
transition-stage-emergency = En casa, de emergencias
transition-stage-facility = En una residencia
transition-stage-finished = Terminada
transition-stage-readmitted = Otra vez en el hospital
transition-stage-deceased = Murió
transition-stage-hospice = Hospicio
transition-stage-declined = No la quiso
transition-stage-lost = Sin contacto
transition-stage-withdrawn = Retirada
transition-stage-duplicate = La misma estancia que otra
transition-moved-admitted = Ingresó en el hospital
transition-moved-expected = Alta esperada
transition-moved-home = Alta a casa
transition-moved-emergency = En casa, de emergencias
transition-moved-facility = Alta a una residencia
transition-moved-finished = Transición terminada
transition-moved-readmitted = Otra vez en el hospital
transition-moved-deceased = Murió
transition-moved-hospice = Alta a hospicio
transition-moved-declined = No quiso la transición
transition-moved-lost = Se perdió el contacto
transition-moved-withdrawn = Ingreso retirado
transition-moved-duplicate = Unida a la misma estancia
transition-moved = { $at } · anotado { $recorded }
transition-in-hospital = En { $house } desde { $day }
transition-in-facility = De { $house } a una residencia el { $day }
transition-from-emergency = En casa desde { $day }, de emergencias de { $house }
transition-home = En casa desde { $day }, de { $house }
transition-was = { $house }, { $day }
transition-day-unknown = un día que no sabemos
transition-day-of = día { $n } de { $of }
transition-contacted = contactado { $of }
transition-contacted-late = contactado { $of }, tarde
transition-satisfied = { $n } intentos a tiempo: la regla está cumplida, siga intentando
transition-contact-by = llamar antes del { $of }
transition-tries =
    { $n ->
        [0] ningún intento
        [one] 1 intento
       *[other] { $n } intentos
    }
transition-next-try = Próximo intento: { $of }
transition-medicines-by = lista por revisar antes del { $of }
transition-medicines-done = lista revisada { $of }
transition-medicines-late = lista revisada { $of }, después de la visita
transition-medicines-lists = Comparar las listas
transition-visit-by = visita sin reservar, plazo { $of }
transition-visit-booked = visita { $of }
transition-visit-high = visto { $of }, en 7 días
transition-visit-moderate = visto { $of }, en 14 días
transition-visit-late = visto { $of }, tarde
transition-step-contact = Contacto
transition-step-medicines = Medicinas
transition-step-visit = Visita
transition-step-day = Día 30
transition-column-contact = Contacto pendiente
transition-column-contacted = Contactados
transition-column-medicines = Medicinas revisadas
transition-column-visit = Visita reservada
transition-column-day = Hasta el día 30
transition-column-none = ninguno
transition-group-emergency = Emergencias
transition-group-hospital = En el hospital
transition-group-facility = En una residencia
transition-group-ended = Terminadas en los últimos 7 días
transition-board-note = Las tarjetas avanzan cuando su paso está hecho. Primero las atrasadas.
transition-open = Abrir
transition-open-n =
    { $n ->
        [one] 1 abierta
       *[other] { $n } abiertas
    }
transition-late-n =
    { $n ->
        [one] 1 atrasada
       *[other] { $n } atrasadas
    }
transition-views = Vista
transition-view-board = Tablero
transition-view-table = Tabla
transition-filters = Filtros
transition-all = Todas
transition-mine = Mías
transition-nobody = Nadie todavía
transition-none = No hay transiciones
transition-none-why = Un aviso de ingreso o alta abre una por sí solo.
transition-checklist = Pasos
transition-note = Léalo
transition-note-why = Esto terminó por sí solo, según el expediente. No hay nada más planeado.
transition-asked = Preguntado { $of }:
transition-on = ¿Cuándo?
transition-on-hint = Déjelo vacío si es hoy. Por ejemplo: ayer, 18 nov
transition-words = Qué se dijo o se encontró
transition-still-away = Sigue allí
transition-came-home = En casa desde ese día
transition-proposal = ¿Es esta la visita?
transition-proposal-yes = Sí, es esta
transition-visit-day = Día de la visita
transition-complexity = ¿Qué tan pronto debe ser la visita?
transition-complexity-undecided = Sin decidir: 7 días
transition-complexity-high = 7 días (complejidad alta)
transition-complexity-moderate = 14 días (complejidad moderada)
transition-complexity-do = Guardar
transition-end-title = Terminar esta transición
transition-how = ¿Cómo termina?
transition-how-missing = Elija cómo termina
transition-end-finished = Terminada: pasaron los 30 días
transition-end-declined = El paciente no la quiere
transition-end-lost = Se perdió el contacto
transition-end-hospice = Hospicio
transition-end-deceased = El paciente murió
transition-end-withdrawn = Abierta por error
transition-end-do = Terminar
transition-reopen = Abrir otra vez
transition-evidence = Pruebas
transition-documents = Documentos de origen
transition-document = { $source } · recibido { $at }
transition-house = Hospital
transition-admitted = Ingreso
transition-discharged = Alta
transition-day-unsure = (la fuente no dijo cuándo: cuenta el primer día)
transition-to = Se fue a
transition-bucket-home = Casa
transition-bucket-home-health = Casa, con atención en casa
transition-bucket-against-advice = Casa, contra consejo médico
transition-bucket-custody = Custodia
transition-bucket-transfer = Otro hospital
transition-bucket-facility = Residencia o rehabilitación
transition-bucket-hospice = Hospicio
transition-bucket-deceased = Murió
transition-bucket-open = Sigue ingresado
transition-bucket-unknown = No se dijo
transition-heard = Se supo del alta
transition-period = Treinta días
transition-trc-notice = Aviso de ingreso en 3 días
transition-trc-information = Papeles del alta en 3 días
transition-trc-met = sí
transition-trc-missed = no
transition-unknown = no se sabe
transition-owner = Coordinador
transition-linked-next = Estancia siguiente
transition-linked-before = Estancia anterior
transition-said-medicines = Medicinas revisadas { $day }.
transition-said-booked = Visita reservada para el { $day }.
transition-said-seen = Visita anotada el { $day }.
transition-said-missed = Visita perdida del { $day } anotada.
transition-said-complexity = Guardado.
transition-said-home = En casa desde { $day }: los plazos corren.
transition-said-away = Sigue fuera el { $day }. Pregunte otra vez en una semana.
transition-said-noted = Leído.
transition-said-ended = La transición terminó.
transition-said-reopened = La transición está abierta otra vez.
transition-over = Esta transición ya terminó
transition-still-open = Esta transición sigue abierta
transition-not-ended-by-hand = Solo se abre otra vez lo que terminó una persona
transition-not-home = El paciente todavía no está en casa
transition-not-away = El paciente ya está en casa
transition-on-future = Ese día aún no ha llegado
transition-on-early = Escriba un día después del alta
transition-visit-first-day = El día del alta no cuenta como visita. Escriba un día posterior
transition-finish-early = Los 30 días terminan el { $day }. Elija otra forma de terminar, o espere

# El directorio de servicios de la comunidad.
nav-resources = Recursos de la comunidad
resource-found =
    { $n ->
        [one] 1 entrada
       *[other] { $n } entradas
    }
resource-find = Buscar un servicio
resource-find-hint = Una palabra, una localidad o un código postal: comida 94063
resource-find-do = Buscar
resource-under = En: { $of }
resource-under-off = Mostrar todo
resource-shown = Qué entradas
resource-show-usable = Activas
resource-show-all = Todas
resource-none = Todavía no hay directorio
resource-none-why = Ponga los archivos de un directorio (Open Referral HSDS, iCarol, VisionLink) en la carpeta de entrada, en un solo zip.
resource-none-such = Nada coincide
resource-none-such-why = Pruebe con menos palabras u otras, o muestre todas las entradas.
resource-all = Todas las entradas
resource-withdrawn = No figura desde { $of }
resource-status-inactive = Inactivo
resource-status-defunct = Cerrado definitivamente
resource-status-temporarily-closed = Cerrado por ahora
resource-never-assured = La fuente no dice cuándo se comprobó por última vez
resource-assured = Comprobado por la fuente { $of }
resource-modified = Cambiado por la fuente { $of }
resource-days-ago =
    { $n ->
        [one] hace 1 día
       *[other] hace { $n } días
    }
resource-what = Qué es
resource-says-nothing = La fuente no dice más.
resource-provider = Organización
resource-terms = Categorías
resource-said-by = Quién lo dice
resource-source-unnamed = Fuente sin nombre
resource-place = Lugar
resource-alternate-name = También llamado
resource-program = Programa
resource-alert = Nota
resource-eligibility = Para quién
resource-ages = Edades
resource-application = Cómo solicitarlo
resource-documents = Documentos necesarios
resource-fees = Tarifas
resource-costs = Costo
resource-payments = Pago
resource-wait = Tiempo de espera
resource-languages = Idiomas
resource-interpretation = Intérpretes
resource-areas = Zona atendida
resource-phones = Teléfono
resource-hours = Horario
resource-contacts = Preguntar por
resource-email = Correo electrónico
resource-url = Dirección web
resource-description = Acerca de
resource-parent = Parte de
resource-address = Dirección
resource-postal = Dirección postal
resource-transportation = Cómo llegar
resource-accessibility = Accesibilidad
resource-closed = cerrado
resource-day-mo = lun
resource-day-tu = mar
resource-day-we = mié
resource-day-th = jue
resource-day-fr = vie
resource-day-sa = sáb
resource-day-su = dom
