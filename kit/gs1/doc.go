// Package gs1 reads, checks and writes what GS1 barcodes and GS1 Digital Link
// URIs say: Application Identifiers (AIs) with their values, such as GTIN,
// batch, serial number and expiry date.
//
// One [Message] has several faces, and every one converts to every other:
//
//	bracketed        (01)09521234543213(10)ABC(17)261231     for people
//	element string   ^010952123454321310ABC^17261231         in barcodes, ^ is FNC1
//	scan data        ]d2010952123454321310ABC<GS>17261231    from a scanner
//	Digital Link     https://id.gs1.org/01/09521234543213/10/ABC?17=261231
//	compressed       https://id.gs1.org/DBZlXgDkDE1XgkY      Digital Link, shortened
//
// The rules come from the GS1 Barcode Syntax Dictionary, compiled into a table
// by go generate: formats, content checks ("linters"), which AIs need or exclude
// one another, and which ones make a Digital Link URI. To follow a new edition,
// replace gs1-syntax-dictionary.txt and run go generate.
//
// Standards: GS1 General Specifications; GS1 Digital Link URI Syntax 1.6.0;
// GS1 Digital Link Compression 1.0.0; ISO/IEC 15424 symbology identifiers.
//
// Input may be hostile: it is bounded by [MaxInput] and [MaxElements], read in
// linear time, and every error is an [Error] with AI, position and reason.
package gs1
