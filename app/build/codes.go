package build

import (
	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/sheet"
)

// Codes of the anomalies of this package.
const (
	EntreeIntrouvable     = "VOL-201"
	EntreeInconnue        = "VOL-202"
	PieceManquante        = "VOL-203"
	PieceVide             = "VOL-204"
	IndexIllisible        = "VOL-205"
	IndexLigne            = "VOL-206"
	MatriculeInconnu      = "VOL-207"
	IdUniqueDouble        = "VOL-208"
	NomPJRefuse           = "VOL-209"
	IdUniqueRefuse        = "VOL-210"
	SiretInvalide         = "VOL-211"
	PeriodeInvalide       = "VOL-212"
	SansRefCompta         = "VOL-213"
	MemeContenu           = "VOL-215"
	NomDouble             = "VOL-216"
	PieceChangee          = "VOL-217"
	NomenclaturesTardives = "VOL-218"
	AucunMandat           = "VOL-221"
	MandatsIllisibles     = "VOL-222"
	MandatLigne           = "VOL-223"
	Alleges               = "VOL-224"
	AllegerPossible       = "VOL-225"
	Inegaux               = "VOL-226"
	DejaEnvoyee           = "VOL-219"
	DejaChezLeComptable   = "VOL-220"
	PiecesManquantes      = "VOL-241"
	NomApproche           = "VOL-242"
	FichierInutile        = "VOL-243"
	ClasseurSansIndex     = "VOL-244"
	MandatRefuse          = "VOL-245"
	AutreLivraison        = "VOL-246"
	PlusieursJournaux     = "VOL-247"
	AutreFormat           = "VOL-248"
	FluxRemplaces         = "VOL-249"
	CelluleAbimee         = "VOL-250"
	ZeroPerdu             = "VOL-251"
	ClasseurIllisible     = "VOL-252"
	LignesVides           = "VOL-253"
	ZerosDuMois           = "VOL-254"
	ClasseurVoisin        = "VOL-255"
	PieceIllisible        = "VOL-230"
	ArchiveIllisible      = "VOL-231"
	VerificationEchec     = "VOL-301"
	AutresVolumes         = "VOL-302"
	LivraisonAchevee      = "VOL-303"
	LivraisonRefusee      = "VOL-304"
)

func regle(code string, g anomalie.Gravite, c anomalie.Classe, fr, en, aideFR, aideEN string) anomalie.Regle {
	return anomalie.Regle{Code: code, Gravite: g, Classe: c, Source: "[I]",
		Message: lang.Text{FR: fr, EN: en}, Aide: lang.Text{FR: aideFR, EN: aideEN}}
}

// Codes are the anomalies of the main job.
var Codes = anomalie.NewRegistre(rules...).OnPages(onPages)

var rules = []anomalie.Regle{
	regle(EntreeIntrouvable, anomalie.Erreur, anomalie.Introuvable,
		"%s ne peut pas être ouvert : %v", "%s cannot be opened: %v",
		"vérifiez le chemin", "check the path"),
	regle(EntreeInconnue, anomalie.Erreur, anomalie.Illisible,
		"le dossier %s ne contient ni journal, ni run.jsonl, ni entete.csv", "folder %s holds no journal, no run.jsonl, no entete.csv",
		"donnez un journal .xhl, .xml ou .zip, un run .jsonl, ou un dossier de CSV", "give a journal .xhl, .xml or .zip, a run .jsonl, or a folder of CSV files"),
	regle(PieceManquante, anomalie.Erreur, anomalie.PieceManquante,
		"le fichier du justificatif %s est introuvable : %s%v", "the file of justificatif %s is not found: %s%v",
		"placez-le dans le dossier des pièces, dites où est ce dossier (--pj), ou corrigez justificatifs.csv", "put it into the folder of pieces, say where that folder is (--pj), or correct justificatifs.csv"),
	regle(PieceVide, anomalie.Erreur, anomalie.PieceManquante,
		"le fichier du justificatif %s est vide", "the file of justificatif %s is empty",
		"refaites le document", "make the document again"),
	regle(IndexIllisible, anomalie.Erreur, anomalie.Illisible,
		"l'index des justificatifs n'a pas la forme attendue : %s", "the index of justificatifs has not the expected form: %s",
		"la première ligne est : matricule;id_unique;fichier;nom;description;support", "the first line is: matricule;id_unique;fichier;nom;description;support"),
	regle(IndexLigne, anomalie.Erreur, anomalie.Illisible,
		"index des justificatifs, ligne %d : %s", "index of justificatifs, line %d: %s", "", ""),
	regle(MatriculeInconnu, anomalie.Erreur, anomalie.Autre,
		"l'index attache %s au matricule %s, qui n'a pas de bulletin ce mois-ci", "the index attaches %s to matricule %s, who has no bulletin this month",
		"la pièce ne part que si un autre bulletin la référence ; corrigez l'index", "the piece travels only if another bulletin references it; correct the index"),
	regle(IdUniqueDouble, anomalie.Erreur, anomalie.Autre,
		"l'identifiant %s désigne deux documents différents : %s et %s", "identifier %s names two different documents: %s and %s",
		"donnez un identifiant par document", "give one identifier to each document"),
	regle(NomPJRefuse, anomalie.Erreur, anomalie.Autre,
		"le nom de pièce %q que porte le journal ne peut pas être un nom de fichier", "the piece name %q in the journal cannot be a file name",
		"corrigez NomPJ dans le logiciel de paye : ni barre, ni « .. »", "correct NomPJ in the payroll program: no slash, no “..”"),
	regle(IdUniqueRefuse, anomalie.Erreur, anomalie.Autre,
		"l'identifiant de pièce %q ne peut pas partir en PES : %v", "piece identifier %q cannot travel in PES: %v",
		"corrigez-le à la source, ou prenez « --packaging archive »", "correct it at the source, or take “--packaging archive”"),
	regle(SiretInvalide, anomalie.Erreur, anomalie.Usage,
		"le SIRET de l'employeur (%q) n'a pas 14 chiffres", "the employer's SIRET (%q) has not 14 digits",
		"donnez-le par --siret", "give it with --siret"),
	regle(PeriodeInvalide, anomalie.Erreur, anomalie.Illisible,
		"la période du journal est illisible : année %q, mois %q", "the journal's period is unreadable: year %q, month %q", "", ""),
	regle(SansRefCompta, anomalie.Info, anomalie.Autre,
		"aucun mandat n'est désigné : la dépense doit porter les PJRef de mêmes identifiants", "no mandat is named: the expense flux must carry PJRef with the same identifiers", "--mandat les désigne", "--mandat names them"),
	regle(MemeContenu, anomalie.Info, anomalie.Autre,
		"les pièces %s et %s ont le même contenu sous deux identifiants", "pieces %s and %s have the same content under two identifiers",
		"un seul identifiant éviterait de l'envoyer deux fois", "a single identifier would avoid sending it twice"),
	regle(NomDouble, anomalie.Erreur, anomalie.Autre,
		"le journal donne le même nom %s à deux identifiants dont les documents diffèrent", "the journal gives the same name %s to two identifiers whose documents differ", "", ""),
	regle(PieceChangee, anomalie.Erreur, anomalie.PieceManquante,
		"le fichier du justificatif %s a changé depuis qu'il a été examiné", "the file of justificatif %s changed since it was looked at",
		"rien n'a été remis : relancez quand plus personne n'y touche", "nothing was delivered: run again when nobody touches it any more"),
	regle(NomenclaturesTardives, anomalie.Info, anomalie.Autre,
		"le run donne ses nomenclatures après ses bulletins : aucun volume n'a pu être fermé avant la fin", "the run gives its nomenclatures after its bulletins: no volume could be closed before the end",
		"donnez-les juste après l'entête, pour que les volumes s'écrivent pendant la lecture", "give them right after the entete, for volumes to be written while the run is read"),
	regle(AucunMandat, anomalie.Avertissement, anomalie.Autre,
		"aucun mandat de %s ne paie cette paye : les pièces n'en désignent aucun", "no mandat of %s pays this payroll: the pieces name none",
		"vérifiez les colonnes siret, etablissement et nature", "check the columns siret, etablissement and nature"),
	regle(MandatsIllisibles, anomalie.Erreur, anomalie.Illisible,
		"la liste des mandats n'a pas la forme attendue : %s", "the list of mandats has not the expected form: %s",
		"la première ligne est : exercice;type;numero;ligne;siret;etablissement;nature ; seul numero est obligatoire", "the first line is: exercice;type;numero;ligne;siret;etablissement;nature; numero alone is compulsory"),
	regle(MandatLigne, anomalie.Erreur, anomalie.Illisible,
		"liste des mandats, ligne %d : %s", "list of mandats, line %d: %s", "", ""),
	regle(Alleges, anomalie.Info, anomalie.Autre,
		"%d justificatif{s} allégé{s}, %v épargnés : %d volume{s}, %s sans cela", "%d justificatif{s} made lighter, %v saved: %d volume{s}, %s without it", "", ""),
	regle(AllegerPossible, anomalie.Info, anomalie.Autre,
		"%d justificatif{s} {est une numérisation lourde|sont des numérisations lourdes} ; {sur|des} %d essayé{s}, %d {a|ont} un jumeau plus léger, %v en moins (%s) : %v",
		"%d justificatif{s} {is a heavy scan|are heavy scans}; of the %d that {was|were} tried %d {has|have} a lighter twin, %v less (%s): %v",
		"--light fait partir les jumeaux plus légers ; « xhl pdf optimise » les écrit pour les regarder d'abord", "--light lets the lighter twins travel; “xhl pdf optimise” writes them, to be looked at first"),
	regle(Inegaux, anomalie.Info, anomalie.Autre,
		"les volumes vont de %v à %v : %v", "the volumes go from %v to %v: %v", "", ""),
	regle(DejaEnvoyee, anomalie.Avertissement, anomalie.Autre,
		"des volumes de cette paye (%v) sont déjà partis : ceux-ci forment une édition de plus, sous d'autres noms", "volumes of this payroll (%v) have left already: these are one more edition, under other names",
		"pour ne renvoyer que ce qui est refusé : « xhl resend »", "to send again only what was refused: “xhl resend”"),
	regle(DejaChezLeComptable, anomalie.Info, anomalie.Autre,
		"%d pièce{s} {est|sont} déjà chez le comptable, ou en route : {elle ne part pas|elles ne partent pas} à nouveau", "%d piece{s} {is|are} with the accountant already, or on {its way: it does|their way: they do} not travel again", "", ""),
	regle(PiecesManquantes, anomalie.Erreur, anomalie.PieceManquante,
		"%d justificatif{s} {est|sont} introuvable{s} ; {il|chacun} est nommé plus haut", "%d justificatif{s} {is|are} not found; {it|each} is named above",
		"placez-les dans le dossier des pièces, dites où est ce dossier (--pj), ou corrigez justificatifs.csv", "put them into the folder of pieces, say where that folder is (--pj), or correct justificatifs.csv"),
	regle(NomApproche, anomalie.Info, anomalie.Autre,
		"le fichier demandé sous le nom %s a été trouvé sous celui de %s : seules la casse ou l'écriture des accents diffèrent", "the file asked for as %s was found as %s: only case or the form of accents differ", "", ""),
	regle(FichierInutile, anomalie.Erreur, anomalie.Autre,
		"le fichier %s ne justifie personne : ni le journal ni l'index ne le nomment, il n'est pas parti", "the file %s justifies nobody: neither the journal nor the index names it, it did not travel",
		"ajoutez-le à justificatifs.csv (« xhl index » en propose un), retirez-le du dossier, ou dites --ignore-unused", "add it to justificatifs.csv (“xhl index” proposes one), take it out of the folder, or say --ignore-unused"),
	regle(ClasseurSansIndex, anomalie.Erreur, anomalie.Autre,
		"le classeur %s est là, mais aucun justificatifs.csv : il n'a pas été lu", "the workbook %s is there, but no justificatifs.csv: it was not read",
		"donnez-le par --index, ou enregistrez-le en « CSV UTF-8 » sous le nom justificatifs.csv", "give it with --index, or save it as “CSV UTF-8” under the name justificatifs.csv"),
	regle(MandatRefuse, anomalie.Erreur, anomalie.Usage,
		"%q n'est pas le numéro d'un mandat", "%q is not the number of a mandat",
		"donnez des chiffres : --mandat 1204, ou plusieurs : --mandat 1204,1205", "give digits: --mandat 1204, or several: --mandat 1204,1205"),
	regle(AutreLivraison, anomalie.Erreur, anomalie.Usage,
		"le dossier %s contient une autre livraison : SIRET %s, %s-%s", "the folder %s holds another delivery: SIRET %s, %s-%s",
		"prenez un autre dossier, ou dites --replace pour la remplacer", "take another folder, or say --replace to replace it"),
	regle(AutreFormat, anomalie.Erreur, anomalie.Usage,
		"le dossier %s contient %d volume{s} PES de cette paye, à envoyer ou envoyé{s}, que des volumes %s remplaceraient", "the folder %s holds %d PES volume{s} of this payroll, sent or to be sent, that %s volumes would replace",
		"prenez un autre dossier, ou dites --replace si ces volumes PES ne servent plus", "take another folder, or say --replace if these PES volumes are of no use any more"),
	regle(FluxRemplaces, anomalie.Avertissement, anomalie.Autre,
		"%d volume{s} PES {a été remplacé, le|ont été remplacés, dont le} flux %s : le registre attend toujours {celui-là s'il n'était pas parti|ceux qui n'étaient pas partis}", "%d PES volume{s} {was|were} replaced, flux %s{| among them}: the ledger still awaits {it if it|those that} had not left",
		"« xhl status --detail » les montre ; pour ne plus les attendre : xhl send --abandon NOMFIC --motif …, sinon refaites-les dans un autre dossier", "`xhl status --detail` shows them; not to await them any more: xhl send --abandon NOMFIC --motif …, else make them again in another folder"),
	regle(PlusieursJournaux, anomalie.Erreur, anomalie.Illisible,
		"le dossier %s contient %d journ{al|aux}", "folder %s holds %d journal{s}",
		"donnez le journal lui-même", "give the journal itself"),
	regle(CelluleAbimee, anomalie.Erreur, anomalie.Illisible,
		"ligne %d, colonne %s : %v", "line %d, column %s: %v", sheet.Advice.FR, sheet.Advice.EN),
	regle(ZeroPerdu, anomalie.Erreur, anomalie.Autre,
		"l'index attache %s au matricule %s, qui n'a pas de bulletin ; %s en a un : un tableur a ôté le zéro", "the index attaches %s to matricule %s, who has no bulletin; %s has one: a spreadsheet took off the zero", sheet.Advice.FR, sheet.Advice.EN),
	regle(ClasseurIllisible, anomalie.Erreur, anomalie.Illisible,
		"%s : %v", "%s: %v", "un run en .xlsx a les feuilles entete, agents, lignes et nomenclatures, comme l'écrit « xhl decode --format xlsx »", "a run in .xlsx has the sheets entete, agents, lignes and nomenclatures, as “xhl decode --format xlsx” writes it"),
	regle(LignesVides, anomalie.Info, anomalie.Autre,
		"%d ligne{s} de l'index {n'a pas de fichier : elle est passée|n'ont pas de fichier : elles sont passées}", "%d line{s} of the index {has no file: it is|have no file: they are} passed over", "", ""),
	regle(ZerosDuMois, anomalie.Avertissement, anomalie.Autre,
		"%d matricule{s} {a|ont} perdu, depuis le mois précédent, les zéros qui {le|les} commencent ; le premier est %s, qui était %s", "%d matricule{s} {has|have} lost, since the month before, the zeros that {it begins|they begin} with; the first is %s, which was %s", sheet.Advice.FR, sheet.Advice.EN),
	regle(ClasseurVoisin, anomalie.Avertissement, anomalie.Autre,
		"à côté du journal il y a un classeur, et aucun index des justificatifs : il n'a pas été lu (%s)", "beside the journal there is a workbook, and no index of the justificatifs: it was not read (%s)",
		"si c'est la liste des justificatifs, donnez-le par --index, ou nommez-le justificatifs.xlsx ; sinon, dites --ignore-unused", "if it is the list of the justificatifs, give it with --index, or call it justificatifs.xlsx; else say --ignore-unused"),
	regle(PieceIllisible, anomalie.Erreur, anomalie.PieceManquante,
		"le fichier du justificatif %s ne peut pas être lu : %s", "the file of justificatif %s cannot be read: %s",
		"refaites l'archive ou le document, ou copiez-le depuis sa source", "make the archive or the document again, or copy it from where it came"),
	regle(ArchiveIllisible, anomalie.Erreur, anomalie.Illisible,
		"les pièces de l'archive ne peuvent pas être lues : %s", "the pieces of the archive cannot be read: %s",
		"refaites l'archive, ou décompressez-la et donnez le dossier", "make the archive again, or unpack it and give the folder"),
	regle(VerificationEchec, anomalie.Erreur, anomalie.Verification,
		"relecture du volume %d : %s", "reading back volume %d: %s",
		"rien n'a été remis : vérifiez le disque et recommencez", "nothing was delivered: check the disk and start again"),
	regle(AutresVolumes, anomalie.Avertissement, anomalie.Autre,
		"le dossier contient d'autres volumes, qui ne sont pas de cet envoi : %s", "the folder holds other volumes, which are not of this delivery: %s",
		"retirez-les avant d'envoyer", "remove them before sending"),
	regle(LivraisonAchevee, anomalie.Info, anomalie.Autre,
		"une livraison avait été interrompue dans %s au moment d'y apparaître : elle a été achevée, puis celle-ci commencée", "a delivery had been interrupted in %s while it appeared there: it was completed, and then this one begun", "", ""),
	regle(LivraisonRefusee, anomalie.Avertissement, anomalie.Autre,
		"une livraison avait été interrompue dans %s avant d'être inscrite, et le registre la refuse : %v ; elle est mise à part dans %s, et celle d'avant remise à sa place", "a delivery had been interrupted in %s before it was recorded, and the ledger refuses it: %v; it is set aside in %s, and the one before put back in its place",
		"n'envoyez rien de ce qui est mis à part : gardez-le si des volumes en sont déjà partis, sinon effacez-le", "send nothing of what is set aside: keep it if volumes of it have left already, else remove it"),
}
