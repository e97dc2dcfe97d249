"""Invented people who registered. Their addresses belong to a domain reserved for examples."""

from eventapp.demo.content.shapes import DemoAttendee

PEOPLE = (
    ("Agnes Dahlberg", "Municipality of Norrby"),
    ("Bruno Castelmar", "Province of Valdora"),
    ("Celia Montforte", "City of Almarra"),
    ("Dario Venturelli", "Region of Altopiano"),
    ("Edda Grünwald", "District of Seefelden"),
    ("Fiachra Dunmore", "County of Carrickbeg"),
    ("Greta Lindholt", "Municipality of Norrby"),
    ("Hendrik Vossenaar", "Town of Oudermeer"),
    ("Irena Kovalska", "Voivodeship of Zielonka"),
    ("Jonas Pettersvik", "Municipality of Storevik"),
    ("Katell Morvanec", "Community of Ker-Vihan"),
    ("Lorenzo Baldacchini", "Region of Altopiano"),
    ("Mirela Stoicanu", "County of Valea Lungă"),
    ("Nuno Albergaria", "Municipality of Vila Serena"),
    ("Oona Rautalahti", "City of Suvanto"),
    ("Pavel Hronovský", "Region of Lipovec"),
    ("Quirine van Aardenburg", "Town of Oudermeer"),
    ("Rasa Žemaitytė", "Municipality of Upelis"),
    ("Stelios Markantonis", "Island Council of Thalassia"),
    ("Tamsin Ellerby", "Borough of Eastmere"),
    ("Urška Planinšek", "Municipality of Zelena Dolina"),
    ("Viktor Szabolcsi", "County of Nyírhalom"),
    ("Wanda Brzezińska", "Voivodeship of Zielonka"),
    ("Xenia Papadrakou", "Island Council of Thalassia"),
    ("Yannick Delfosse", "Commune of Haute-Rive"),
    ("Zoltán Kerekfalvi", "County of Nyírhalom"),
    ("Aino Koskivirta", "City of Suvanto"),
    ("Bálint Erdőhegyi", "County of Nyírhalom"),
    ("Clémence Vauclair", "Commune of Haute-Rive"),
    ("Dympna Carrowell", "County of Carrickbeg"),
    ("Emil Sandvang", "Municipality of Storevik"),
    ("Flora Quintanal", "City of Almarra"),
    ("Gaspar Valverde", "Province of Valdora"),
    ("Hana Mlynářová", "Region of Lipovec"),
    ("Ivo Radenkov", "Municipality of Bela Voda"),
    ("Jasmijn Terhorst", "Town of Oudermeer"),
)

ATTENDEES = tuple(
    DemoAttendee(name=name, organisation=organisation, email=f"attendee{number:02}@example.org")
    for number, (name, organisation) in enumerate(PEOPLE, start=1)
)
