/** The vocabulary of generated tables in German, with its gender (m, f, n, p for plural): columns, rows and values. */
export const GERMAN_WORDS = `
order = Bestellung f | orders = Bestellungen p | shipment = Sendung f | shipments = Sendungen p | patient = Patient m | patients = Patienten p
employee = Mitarbeiter m | employees = Mitarbeiter p | book = Buch n | books = Bücher p | tree = Baum m | trees = Bäume p
machine = Maschine f | machines = Maschinen p | hotel = Hotel n | hotels = Hotels p | match = Spiel n | matches = Spiele p
reading = Messung f | readings = Messungen p | loan = Kredit m | loans = Kredite p | harvest = Ernte f | harvests = Ernten p
visitor = Besucher m | visitors = Besucher p | building = Gebäude n | buildings = Gebäude p | course = Kurs m | courses = Kurse p
ticket = Ticket n | tickets = Tickets p
tracking code = Sendungsnummer f | name = Name m | title = Titel m | serial = Seriennummer f | contract = Vertrag m
full name = vollständiger Name m | building name = Gebäudename m | ticket id = Ticketnummer f
region = Region f | city = Stadt f | country = Land n | category = Kategorie f | status = Status m | channel = Kanal m | colour = Farbe f
size = Größe f | material = Material n | supplier = Lieferant m | department = Abteilung f | genre = Genre n | shift = Schicht f
species = Art f | vehicle type = Fahrzeugtyp m | priority = Priorität f | ward = Station f | payment method = Zahlungsart f
membership level = Mitgliedsstufe f | crop = Feldfrucht f | warehouse = Lager n | carrier = Spediteur m | plan = Tarif m | roof = Dach n
skill = Kenntnisstand m | größe = Format n | série = Serie f
North = Nord | South = Süd | East = Ost | West = West | Central = Mitte
Chile = Chile | Kenya = Kenia | Norway = Norwegen | Japan = Japan | Peru = Peru | Portugal = Portugal
Books = Bücher | Garden = Garten | Toys = Spielzeug | Music = Musik | Kitchen = Küche
Open = Offen | Closed = Geschlossen | Pending = Ausstehend | Cancelled = Storniert
Web = Internet | Store = Filiale | Phone = Telefon | Partner = Partner
Red = Rot | Blue = Blau | Green = Grün | Black = Schwarz | Small = Klein | Medium = Mittel | Large = Groß
Oak = Eiche | Steel = Stahl | Cotton = Baumwolle | Glass = Glas | Acme Ltd = Acme GmbH | Kite & Sons = Kite & Söhne
Finance = Finanzen | Engineering = Entwicklung | Support = Kundendienst | Legal = Recht | Design = Gestaltung
Drama = Drama | Comedy = Komödie | Thriller = Krimi | Documentary = Dokumentation
Morning = Früh | Evening = Spät | Night = Nacht | Otter = Otter | Heron = Reiher | Lynx = Luchs | Badger = Dachs
Van = Lieferwagen | Truck = Lastwagen | Tram = Straßenbahn | Bicycle = Fahrrad
Normal = Normal | Urgent = Dringend | Deferred = Aufgeschoben
Cardiology = Kardiologie | Oncology = Onkologie | Maternity = Geburtshilfe | Surgery = Chirurgie
Credit card = Kreditkarte | Cash = Bargeld | Bank transfer = Überweisung | Bronze = Bronze | Silver = Silber | Gold = Gold
Wheat = Weizen | Barley = Gerste | Maize = Mais | Rye = Roggen | Depot A = Depot A | Free = Gratis | Basic = Basis | Premium = Premium
Flat = Flachdach | Gabled = Satteldach | Thatched = Reetdach | Beginner = Anfänger | Intermediate = Fortgeschritten | Expert = Experte
Été = Sommer | Hiver = Winter | Automne = Herbst
quantity = Menge f | order value = Bestellwert m | discount = Rabatt m | shipping cost = Versandkosten p
weight = Gewicht n | distance = Entfernung f | parcels = Pakete p | fuel = Kraftstoff m
age = Alter n | heart rate = Herzfrequenz f | length of stay = Aufenthaltsdauer f | temperature = Temperatur f
salary = Gehalt n | bonus = Bonus m | overtime hours = Überstunden p
pages = Seiten p | price = Preis m | copies sold = verkaufte Exemplare p | rating = Bewertung f
height = Höhe f | trunk diameter = Stammdurchmesser m | fruit yield = Obstertrag m
output = Ausstoß m | downtime = Ausfallzeit f | energy use = Energieverbrauch m | error rate = Fehlerquote f
rooms = Zimmer p | nightly rate = Übernachtungspreis m | occupancy = Auslastung f | stars = Sterne p
attendance = Zuschauer p | goals = Tore p | yellow cards = gelbe Karten p | ticket price = Eintrittspreis m
humidity = Luftfeuchtigkeit f | pressure = Luftdruck m | rainfall = Niederschlag m | wind speed = Windgeschwindigkeit f
amount = Betrag m | interest rate = Zinssatz m | term = Laufzeit f | fees = Gebühren p
yield = Ertrag m | area = Fläche f | workers = Arbeiter p | moisture = Feuchte f
minutes = Minuten p | spending = Ausgaben p | satisfaction = Zufriedenheit f | visits = Besuche p
floors = Stockwerke p | floor area = Nutzfläche f | rent = Miete f | energy score = Energiekennwert m
credits = Leistungspunkte p | enrolled students = eingeschriebene Studenten p | pass rate = Bestehensquote f | fee = Gebühr f
response time = Antwortzeit f | messages = Nachrichten p | satisfaction score = Zufriedenheitswert m | cost = Kosten p
paid = bezahlt | returned = zurückgesendet | insured = versichert | delayed = verspätet | discharged = entlassen | remote = ortsunabhängig
certified = zertifiziert | translated = übersetzt | illustrated = illustriert | protected = geschützt | pruned = beschnitten
leased = geleast | automatic = automatisch | renovated = renoviert | pet friendly = haustierfreundlich | televised = übertragen
calibrated = kalibriert | approved = bewilligt | secured = besichert | organic = biologisch | irrigated = bewässert
returning = wiederkehrend | subscribed = abonniert | listed = denkmalgeschützt | heated = beheizt | mandatory = verpflichtend
online = online | escalated = eskaliert | resolved = gelöst
order date = Bestelldatum n | sent on = versandt am | admitted = aufgenommen | hire date = Einstellungsdatum n | published = erschienen
planted on = gepflanzt am | installed = installiert | opened = eröffnet | played on = gespielt am | measured on = gemessen am
granted on = gewährt am | harvested = geerntet | visit date = Besuchsdatum n | built = gebaut | start date = Startdatum n | created on = erstellt am
year = Jahr n | Yes = Ja | No = Nein
`;
