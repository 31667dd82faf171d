"""The rows of a journal, as a short script takes them out: every value of a
bulletin once, its lines in a table of their own.

usage: decode.py JOURNAL FOLDER
"""
import csv
import sys

from lxml import etree

journal, folder = sys.argv[1:]
count = 0
with open(folder + "/bulletins.csv", "w", newline="") as b, open(folder + "/lignes.csv", "w", newline="") as l:
    bulletins, lignes = csv.writer(b, delimiter=";"), csv.writer(l, delimiter=";")
    for _, bulletin in etree.iterparse(journal, tag="PayeIndivMensuel"):
        matricule = bulletin.find("Agent/Matricule").get("V")
        for ligne in bulletin.find("Remuneration"):
            lignes.writerow([matricule, ligne.tag] + [value.get("V") for value in ligne])
        bulletin.remove(bulletin.find("Remuneration"))
        bulletins.writerow([value.get("V") for value in bulletin.iter() if value.get("V") is not None])
        count += 1
        bulletin.clear()
        while bulletin.getprevious() is not None:
            del bulletin.getparent()[0]
print(count)
