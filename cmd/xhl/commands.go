package main

import "github.com/urfave/cli/v2"

// commands lists the commands in the order of the help, grouped by the person
// who uses them.
func (p *program) commands() []*cli.Command {
	office := p.t("Service de la paye", "Payroll office")
	service := p.t("Exploitant", "Operator")
	tools := p.t("Fichiers et essais", "Files and trials")
	about := p.t("Programme", "Program")
	in := func(category string, list ...*cli.Command) []*cli.Command {
		for _, c := range list {
			c.Category = category
		}
		return list
	}
	var all []*cli.Command
	all = append(all, in(office, p.buildCommand(), p.planCommand(), p.indexCommand(), p.checkCommand(), p.pageCommand(), p.sendCommand(), p.acquitCommand(), p.resendCommand(), p.statusCommand(), p.pjrefCommand(), p.ledgerCommand(), p.bulletinsCommand(), p.variationsCommand(), p.etatCommand(), p.pdfCommand(), p.vaultCommand(), p.dueCommand(), p.hrCommand())...)
	all = append(all, in(service, p.batchCommand(), p.workerCommand(), p.watchCommand(), p.serveCommand())...)
	all = append(all, in(tools, p.encodeCommand(), p.decodeCommand(), p.synthCommand())...)
	return append(all, in(about, p.helpCommand(), p.configCommand(), p.completionCommand(), p.manCommand(), p.versionCommand())...)
}
