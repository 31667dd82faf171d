// Package coffre is the portal of the agents: what they open to read, keep,
// send or refuse their payslips. A page is one Go file with its template beside
// it in templates/; what they ask is answered by package app/portal.
//
// Glossary:
//
//	Pages     the portal and what it stands on
//	espace    what an agent sees of his documents; "coffre-fort numérique" is a claim of the law and is not made here
//	porte     the page of sign-in, at /acces
//
// No page says whether an account exists. Nothing that an agent reads is
// reachable by his employer's console.
package coffre
