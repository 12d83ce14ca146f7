// Package files keeps the files of records beside the database: photographs,
// letters, recordings. Content is always encrypted (AES-256-GCM in segments,
// as in STREAM by Hoang, Reyhanitabar, Rogaway and Vizár, 2015) with a key of
// its own that only the field's value holds, and lies under the SHA-256 of
// what is stored, on a disk or in S3-compatible storage: so a copy proves
// itself, equal files cannot be told, and a lost key is a lost file.
//
// Uploads come in pieces and go on where they stopped. What a file is is told
// by its content, never by its name.
package files
