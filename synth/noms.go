package synth

// Names and streets, common ones in France and some that try the charsets:
// ligatures, which ISO-8859-1 lacks, diaereses, particles, compounds.

var nomsFamille = []string{
	"Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau",
	"Simon", "Laurent", "Lefèvre", "Michel", "Garcia", "David", "Bertrand", "Roux", "Vincent", "Fournier",
	"Morel", "Girard", "André", "Mercier", "Dupont", "Lambert", "Bonnet", "François", "Martinez", "Legrand",
	"Garnier", "Faure", "Rousseau", "Blanc", "Guérin", "Muller", "Henry", "Roussel", "Nicolas", "Perrin",
	"Morin", "Mathieu", "Clément", "Gauthier", "Dumont", "Lopez", "Fontaine", "Chevalier", "Robin", "Masson",
	"Sanchez", "Gérard", "Nguyen", "Boyer", "Denis", "Lemaire", "Duval", "Joly", "Gautier", "Roger",
	"Roche", "Roy", "Noël", "Meyer", "Lucas", "Meunier", "Jean", "Perez", "Marchand", "Dufour",
	"Blanchard", "Marie", "Barbier", "Brun", "Dumas", "Brunet", "Schmitt", "Leroux", "Colas", "Fernandez",
	"Pierre", "Renard", "Arnaud", "Rolland", "Caron", "Aubert", "Giraud", "Leclerc", "Vidal", "Bourgeois",
	"Renaud", "Lemoine", "Picard", "Gaillard", "Philippe", "Leclercq", "Lacroix", "Fabre", "Dupuis", "Olivier",
	"Rodriguez", "Da Silva", "Hubert", "Louis", "Charles", "Guillot", "Rivière", "Le Gall", "Guillaume", "Adam",
	"Rey", "Moulin", "Gonzalez", "Berger", "Lecomte", "Ménard", "Fleury", "Deschamps", "Carpentier", "Julien",
	"Benoît", "Paris", "Maillard", "Marchal", "Aubry", "Vasseur", "Le Roux", "Renault", "Jacquet", "Collet",
	"Prévost", "Poirier", "Charpentier", "Royer", "Huet", "Baron", "Dupuy", "Pons", "Paul", "Lainé",
	"Carré", "Breton", "Rémy", "Schneider", "Perrot", "Guyot", "Barré", "Marty", "Cousin", "Le Goff",
	"Lebœuf", "Cœurdevey", "Vœlker", "Bœuf", "Delacœuillerie", "Œhler", "Nœppel", "Thœnig", "Sœur", "Marbœuf",
	"Aït Hamou", "El Idrissi", "N'Diaye", "M'Barek", "O'Connor", "D'Arcangelo", "L'Hostis", "L'Helgouac'h", "d'Amboise", "d'Ornellas",
	"de La Fontaine", "de Kermadec", "du Plessis", "de Saint-Aubin", "de La Tour du Pin", "des Essarts", "van der Meersch", "von Arx", "Le Bihan", "Le Corre",
	"Haüy", "Saint-Saëns", "Loïez", "Citroën", "Raphaëlis", "Müller", "Schröder", "Kœnig", "Gonçalves", "Façon",
	"Ferreira", "Araújo", "Peña", "Muñoz", "Ibáñez", "Çelik", "Yılmaz", "Đorđević", "Kovač", "Nowak",
	"Dupond-Lajoie", "Martin-Gousset", "Petit-Renaud", "Bailly-Cochet", "Roux-Combaluzier", "Leroy-Beaulieu", "Colin-Maillot", "Garcia-Torrès", "Blin-Lacroix", "Hervé-Bazin",
	"Traoré", "Diallo", "Keïta", "Benali", "Haddad", "Cissé", "Coulibaly", "Rakotomalala", "Tran", "Phạm",
	"Bouchet", "Besson", "Besnard", "Allard", "Albert", "Bouvier", "Boulanger", "Cordier", "Chauvin", "Étienne",
	"Évrard", "Gilles", "Grondin", "Hamon", "Hoarau", "Imbert", "Jacob", "Jourdan", "Klein", "Langlois",
	"Launay", "Lévêque", "Lévy", "Mallet", "Maréchal", "Millet", "Monnier", "Payet", "Pelletier", "Périer",
	"Pichon", "Poulain", "Reynaud", "Rossi", "Tessier", "Tanguy", "Vallée", "Verdier", "Weber", "Zimmermann",
}

var prenomsFemmes = []string{
	"Marie", "Nathalie", "Isabelle", "Sylvie", "Catherine", "Françoise", "Valérie", "Christine", "Sandrine", "Véronique",
	"Stéphanie", "Céline", "Sophie", "Patricia", "Aurélie", "Émilie", "Laurence", "Julie", "Virginie", "Corinne",
	"Élodie", "Caroline", "Hélène", "Laëtitia", "Delphine", "Anne", "Audrey", "Claire", "Mélanie", "Nadia",
	"Camille", "Pauline", "Sarah", "Marine", "Léa", "Manon", "Chloé", "Anaïs", "Océane", "Noémie",
	"Gaëlle", "Maëlle", "Joëlle", "Michèle", "Danièle", "Ghislaine", "Béatrice", "Édith", "Thérèse", "Geneviève",
	"Anne-Sophie", "Marie-Hélène", "Marie-Noëlle", "Anne-Cécile", "Rose-Marie", "Fatima", "Khadija", "Aïcha", "Aminata", "Zoé",
	"Lætitia", "Solène", "Bérengère", "Clémence", "Agnès", "Régine", "Jacqueline", "Monique", "Annie", "Brigitte",
}

var prenomsHommes = []string{
	"Jean", "Philippe", "Michel", "Alain", "Patrick", "Nicolas", "Christophe", "Pierre", "Christian", "Éric",
	"Frédéric", "Laurent", "Stéphane", "David", "Pascal", "Daniel", "Sébastien", "Julien", "Thierry", "Olivier",
	"Bernard", "Thomas", "Alexandre", "Gérard", "Didier", "Vincent", "François", "Bruno", "Guillaume",
	"Jérôme", "Jacques", "Marc", "Maxime", "Romain", "Claude", "Antoine", "Franck", "Jean-Pierre", "Anthony",
	"Kévin", "Gilles", "Cédric", "Serge", "André", "Mathieu", "Benjamin", "Patrice", "Fabrice", "Joël",
	"Loïc", "Gaël", "Mickaël", "Raphaël", "Benoît", "Rémi", "Cyril", "Hervé", "Régis", "Jean-François",
	"Jean-Noël", "Pierre-Yves", "Marc-Antoine", "Mohamed", "Karim", "Youssef", "Mamadou", "Théo", "Noé", "Côme",
}

var voies = []string{
	"rue des Écoles", "rue de l'Église", "rue du Moulin", "avenue de la République", "rue Victor-Hugo",
	"rue Jean-Jaurès", "place de la Mairie", "rue du Stade", "allée des Tilleuls", "chemin des Prés",
	"rue Pasteur", "boulevard du Général-de-Gaulle", "impasse des Lilas", "rue de la Forêt", "rue du Château",
	"avenue du Maréchal-Foch", "rue des Frères-Lumière", "rue Émile-Zola", "rue de Bretagne", "square Hoche",
	"rue des Cœurs-Vaillants", "résidence l'Orée du Bois", "rue Saint-Éloi", "quai de la Ria", "lieu-dit la Haie",
	"rue Louise-Michel", "rue de la Gare", "allée Maurice-Ravel", "cours des Alliés", "rue Jules-Ferry",
}

type commune struct{ cp, nom string }

// communes are those of the département 96, which does not exist.
var communes = []commune{
	{"96100", "Castelbrume"}, {"96100", "Castelbrume"}, {"96100", "Castelbrume"}, {"96110", "Saint-Élan-du-Marais"},
	{"96120", "Plouvaz"}, {"96130", "Brec'h-sur-Œuvre"}, {"96140", "La Chapelle-Ténue"}, {"96150", "Noyal-les-Îles"},
	{"96160", "Coëtmaur"}, {"96170", "Villeneuve-l'Ajonc"},
}
