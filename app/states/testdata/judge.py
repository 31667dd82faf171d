"""The lines that differ between two journals, told by nothing but the XML.

Prints, for each agent of both, the lines that came, went or changed, as
"matricule kind code before after"; and who is in one journal only. It assumes
one bulletin an agent, which the official samples have.
"""
import sys
import xml.etree.ElementTree as ET
from decimal import Decimal

KINDS = {"TraitBrut", "IndemResid", "SupFam", "AvantageNature", "Indemnite", "RemDivers",
         "Deduction", "Acompte", "Rappel", "Retenue", "Cotisation"}


def agents(path):
    out = {}
    for bulletin in ET.parse(path).getroot().iter("PayeIndivMensuel"):
        lines = {}
        for line in bulletin.find("Remuneration"):
            if line.tag in KINDS:
                key = line.tag, line.find("Code").get("V")
                lines[key] = lines.get(key, Decimal(0)) + Decimal(line.find("Mt").get("V"))
        events = {e.find("Code").get("V") for e in bulletin.findall("Evenement")} - {""}
        out[bulletin.find("Agent/Matricule").get("V")] = lines, events
    return out


before, after = agents(sys.argv[1]), agents(sys.argv[2])
for matricule in sorted(before.keys() - after.keys()):
    print(matricule, "sortant")
for matricule in sorted(after.keys() - before.keys()):
    print(matricule, "entrant")
for matricule in sorted(before.keys() & after.keys()):
    (a, old), (b, new) = before[matricule], after[matricule]
    for key in sorted(a.keys() | b.keys()):
        if a.get(key) != b.get(key):
            print(matricule, key[0], key[1], a.get(key, 0), b.get(key, 0))
    for code in sorted(old - new):
        print(matricule, "evenement", code)
