// Package faults is the registry of the anomalies of the vault, below every
// room that finds one.
//
// Glossary:
//
//	COF-1xx  the vault itself: keys, journal, catalogue, packs
//	COF-2xx  a document; COF-3xx rights and accounts; COF-4xx fiches
//	COF-5xx  sessions of deposit; COF-6xx the archive of PDFs
//	COF-7xx  object lock; COF-8xx a vault on another machine; COF-9xx exports
//
// It decides nothing: who finds a fault says where and about whom.
package faults
