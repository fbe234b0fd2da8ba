# Los datos clínicos que llegaron en las exportaciones, cada uno con su fuente y fecha.
tab-chart = Datos clínicos
tab-medicines = Medicinas
tab-documents = Documentos
chart-lede = Lo que dicen las exportaciones. El expediente electrónico sigue siendo la fuente.
chart-sections = Secciones
chart-all = Todo
chart-open = Abrir
chart-more =
    { $n ->
        [one] Mostrar 1 más
       *[other] Mostrar { $n } más
    }
chart-allergies = Alergias
chart-allergies-none = Alergias sin registrar
chart-problems = Problemas
chart-problems-none = Ningún problema registrado
chart-medicines = Medicinas
chart-medicines-none = Ninguna medicina registrada
chart-results = Resultados
chart-results-none = Ningún resultado registrado
chart-vitals = Signos vitales
chart-vitals-none = Ningún signo vital registrado
chart-immunizations = Vacunas
chart-immunizations-none = Ninguna vacuna registrada
chart-procedures = Procedimientos
chart-procedures-none = Ningún procedimiento registrado
chart-visits = Visitas y hospitalizaciones
chart-visits-none = Ninguna visita registrada
chart-social = Historia social
chart-social-none = Historia social sin registrar
chart-coverage = Seguro
chart-coverage-none = Ningún seguro registrado
chart-relations = Familia y otros
chart-relations-none = Nadie registrado
chart-latest = Últimas mediciones
chart-latest-none = Ninguna medición registrada

# Un dato.
fact-sources-differ = Las fuentes difieren
fact-sensitive = Confidencial
fact-none-known = Ninguno conocido
fact-not-named = La fuente no lo nombra
fact-no-date = fecha sin registrar
fact-sources = lo dicen { $n } documentos
fact-condition = Problemas
fact-medication = Medicinas
fact-allergy = Alergias
fact-result = Resultados
fact-vital = Signos vitales
fact-immunization = Vacunas
fact-procedure = Procedimientos
fact-encounter = Visitas y hospitalizaciones
fact-social = Historia social
fact-coverage = Seguro
fact-appointment = Citas
fact-referral = Referencias
fact-goal = Metas
fact-care-plan = Planes de atención
fact-document = Documentos
fact-relation = Familia y otros
fact-practitioner = Profesionales e instituciones
fact-resource = Otras anotaciones

# Alergias: cuatro textos, siempre uno de ellos.
allergies-listed = Alergias: { $list }
allergies-none = Sin alergias conocidas
allergies-none-said = Sin alergias conocidas (confirmado el { $day })
allergies-no-drug = Sin alergias conocidas a medicinas
allergies-no-drug-said = Sin alergias conocidas a medicinas (confirmado el { $day })
allergies-not-recorded = Alergias sin registrar
allergies-unreadable = No se pudieron leer las alergias, vea los datos clínicos
allergy-severe = Grave
allergy-not = No es alérgico
allergy-over = Ya no

condition-until = hasta { $of }
condition-not = Descartado
condition-ended = Terminó
condition-of-visit = Diagnóstico de una visita
condition-at-admission = Al ingreso
condition-at-discharge = Al alta
condition-history = En el pasado

medicine-for = para { $of }
medicine-until = hasta { $of }
medicine-not-taken = No la toma
medicine-on-hold = En pausa
medicine-stopped = Suspendida
medicine-completed = Completada
medicines-lede = Cada lista como la dio su fuente. Las diferencias se resuelven con el médico.
medicines-admission = Antes de la hospitalización
medicines-discharge = Al alta
medicines-ordered = Recetadas
medicines-reported = Las que dice tomar
medicines-administered = Dadas durante una visita

observation-absent = Se preguntó, sin respuesta
observation-no-value = Sin valor
observation-range = normal { $of }
observation-high = Alto
observation-low = Bajo
observation-critical = Crítico
observation-abnormal = Anormal
observation-preliminary = Preliminar
observation-corrected = Corregido
observation-cancelled = Cancelado

encounter-visit = Visita
encounter-inpatient = Hospitalización
encounter-observation = Estancia en observación
encounter-emergency = Visita a urgencias
encounter-short-stay = Estancia corta
encounter-ambulatory = Visita al consultorio
encounter-home = Visita a domicilio
encounter-virtual = Visita por teléfono o video
encounter-until = hasta { $of }
encounter-planned = Programada
encounter-open = Sin cerrar
encounter-cancelled = Cancelada

immunization-lot = lote { $of }
immunization-not-given = No se aplicó
procedure-not-done = No se hizo
procedure-open = Sin terminar
coverage-member = afiliado { $of }

documents-files = Archivos que llegaron
documents-received = recibido { $of }
documents-none = Todavía no hay documentos
documents-none-why = Las exportaciones que se dejan en la carpeta de entrada aparecen aquí con lo que se tomó de ellas.
documents-notes = Notas e informes incluidos
documents-notes-none = Ninguna nota ni informe llegó con las exportaciones
document-title = Documento
document-export = Exportación
document-original = Original
document-facts = Datos tomados de él
document-no-facts = No se tomó ningún dato de esta persona
document-download = Descargar el original
document-shared = Este archivo también habla de otras personas, por eso no se muestra aquí. Usted ve lo que dice de esta persona.
document-cut = Cortado aquí. La descarga lo tiene todo.
document-no-text = Este archivo no es texto. Descárguelo para verlo.
document-ccda = Documento clínico
document-fhir = Exportación FHIR
document-hl7v2 = Mensaje HL7
medicine-lists-differ = Las listas difieren
timeline-and-more = y { $n } más
document-superseded = Reemplazado por uno más nuevo

timeline-told-visit = { $what }
timeline-told-procedure = { $what }
timeline-told-immunization = Vacuna: { $what }
timeline-told-document = Documento: { $what }
timeline-told-result = { $what }
