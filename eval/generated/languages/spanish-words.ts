/** The vocabulary of generated tables in Spanish, with its gender (m, f) and number (mp, fp): columns, rows and values. */
export const SPANISH_WORDS = `
order = pedido m | orders = pedidos mp | shipment = envío m | shipments = envíos mp | patient = paciente m | patients = pacientes mp
employee = empleado m | employees = empleados mp | book = libro m | books = libros mp | tree = árbol m | trees = árboles mp
machine = máquina f | machines = máquinas fp | hotel = hotel m | hotels = hoteles mp | match = partido m | matches = partidos mp
reading = medición f | readings = mediciones fp | loan = préstamo m | loans = préstamos mp | harvest = cosecha f | harvests = cosechas fp
visitor = visitante m | visitors = visitantes mp | building = edificio m | buildings = edificios mp | course = curso m | courses = cursos mp
ticket = incidencia f | tickets = incidencias fp
tracking code = código de seguimiento m | name = nombre m | title = título m | serial = número de serie m | contract = contrato m
full name = nombre completo m | building name = nombre del edificio m | ticket id = código m
region = región f | city = ciudad f | country = país m | category = categoría f | status = estado m | channel = canal m | colour = color m
size = tamaño m | material = material m | supplier = proveedor m | department = departamento m | genre = género m | shift = turno m
species = especie f | vehicle type = tipo de vehículo m | priority = prioridad f | ward = planta f | payment method = método de pago m
membership level = nivel de socio m | crop = cultivo m | warehouse = almacén m | carrier = transportista m | plan = plan m | roof = tejado m
skill = nivel m | größe = formato m | série = temporada f
North = Norte | South = Sur | East = Este | West = Oeste | Central = Centro
Chile = Chile | Kenya = Kenia | Norway = Noruega | Japan = Japón | Peru = Perú | Portugal = Portugal
Books = Libros | Garden = Jardín | Toys = Juguetes | Music = Música | Kitchen = Cocina
Open = Abierto | Closed = Cerrado | Pending = Pendiente | Cancelled = Cancelado
Web = Web | Store = Tienda | Phone = Teléfono | Partner = Socio
Red = Rojo | Blue = Azul | Green = Verde | Black = Negro | Small = Pequeño | Medium = Mediano | Large = Grande
Oak = Roble | Steel = Acero | Cotton = Algodón | Glass = Vidrio | Acme Ltd = Acme SL | Kite & Sons = Kite e Hijos
Finance = Finanzas | Engineering = Ingeniería | Support = Soporte | Legal = Jurídico | Design = Diseño
Drama = Drama | Comedy = Comedia | Thriller = Suspense | Documentary = Documental
Morning = Mañana | Evening = Tarde | Night = Noche | Otter = Nutria | Heron = Garza | Lynx = Lince | Badger = Tejón
Van = Furgoneta | Truck = Camión | Tram = Tranvía | Bicycle = Bicicleta
Normal = Normal | Urgent = Urgente | Deferred = Aplazado
Cardiology = Cardiología | Oncology = Oncología | Maternity = Maternidad | Surgery = Cirugía
Credit card = Tarjeta de crédito | Cash = Efectivo | Bank transfer = Transferencia | Bronze = Bronce | Silver = Plata | Gold = Oro
Wheat = Trigo | Barley = Cebada | Maize = Maíz | Rye = Centeno | Free = Gratis | Basic = Básico | Premium = Premium
Flat = Plano | Gabled = A dos aguas | Thatched = De paja | Beginner = Principiante | Intermediate = Intermedio | Expert = Experto
Été = Verano | Hiver = Invierno | Automne = Otoño
quantity = cantidad f | order value = valor del pedido m | discount = descuento m | shipping cost = gastos de envío mp
weight = peso m | distance = distancia f | parcels = paquetes mp | fuel = combustible m
age = edad f | heart rate = frecuencia cardíaca f | length of stay = estancia f | temperature = temperatura f
salary = salario m | bonus = prima f | overtime hours = horas extra fp
pages = páginas fp | price = precio m | copies sold = ejemplares vendidos mp | rating = valoración f
height = altura f | trunk diameter = diámetro del tronco m | fruit yield = cosecha de fruta f
output = producción f | downtime = inactividad f | energy use = consumo de energía m | error rate = tasa de errores f
rooms = habitaciones fp | nightly rate = tarifa por noche f | occupancy = ocupación f | stars = estrellas fp
attendance = asistencia f | goals = goles mp | yellow cards = tarjetas amarillas fp | ticket price = precio de entrada m
humidity = humedad f | pressure = presión f | rainfall = lluvia f | wind speed = velocidad del viento f
amount = importe m | interest rate = tipo de interés m | term = plazo m | fees = comisiones fp
yield = rendimiento m | area = superficie f | workers = trabajadores mp | moisture = humedad del grano f
minutes = minutos mp | spending = gasto m | satisfaction = satisfacción f | visits = visitas fp
floors = plantas fp | floor area = superficie útil f | rent = alquiler m | energy score = índice energético m
credits = créditos mp | enrolled students = alumnos inscritos mp | pass rate = tasa de aprobados f | fee = matrícula f
response time = tiempo de respuesta m | messages = mensajes mp | satisfaction score = índice de satisfacción m | cost = coste m
paid = pagado | returned = devuelto | insured = asegurado | delayed = retrasado | discharged = dado de alta | remote = remoto
certified = certificado | translated = traducido | illustrated = ilustrado | protected = protegido | pruned = podado
leased = arrendado | automatic = automático | renovated = renovado | pet friendly = apto para mascotas | televised = televisado
calibrated = calibrado | approved = aprobado | secured = garantizado | organic = ecológico | irrigated = regado
returning = recurrente | subscribed = suscrito | listed = catalogado | heated = climatizado | mandatory = obligatorio
online = en línea | escalated = escalado | resolved = resuelto
order date = fecha de pedido f | sent on = enviado el | admitted = ingresado | hire date = fecha de contratación f | published = publicado
planted on = plantado el | installed = instalado | opened = inaugurado | played on = jugado el | measured on = medido el
granted on = concedido el | harvested = cosechado | visit date = fecha de visita f | built = construido | start date = fecha de inicio f | created on = creado el
year = año m | Yes = Sí | No = No
`;
