// Package epcis reads, checks and writes EPCIS events: what happened to which
// goods, when, where and why. Events come in as JSON-LD or XML (EPCIS 2.0, XML
// 1.2 too) and go out as either; their hash IDs do not depend on which.
//
//	doc, err := epcis.DecodeJSON(text)   // or DecodeXML; every fault with its place
//	id := doc.Events[0].HashID()         // ni:///sha-256;…?ver=CBV2.0
//	doc.EncodeXML()
//
// A [Query] is a SimpleEventQuery that filters events. An [Index] over events
// answers where goods came from and where they went.
//
// Contexts are pinned: the terms of the EPCIS context are a table in this
// package, prefixes are taken from the document, and nothing is ever fetched. A
// document with another remote context is refused.
//
// Standards: EPCIS 2.0.1 and CBV 2.0 (GS1), EPC Tag Data Standard 2.0 for URNs.
//
// Input may be hostile: depth and sizes are bounded, XML may have no document
// type and no entities of its own, JSON no duplicate members; every [Error]
// names its place.
package epcis
