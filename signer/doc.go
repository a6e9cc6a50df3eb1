// Package signer holds the use cases of Ấn Tín: what a person at the desk does
// with a document. Each takes a Job and gives a Result:
//
//	Approve       a leader signs, or a drafter initials (ký nháy)
//	Issue         the clerk gives number and date and stamps the seal (phát hành)
//	Attach        the clerk signs an attachment of an issued document
//	Copy          the clerk certifies a copy of a scanned paper (sao y, sao lục, trích sao)
//	AddTimestamp  what was signed without a network gets its time-stamp
//	Verify        anyone checks what arrives
//
// A job reads its source and never writes to it. What it makes is written to a
// temporary file in the target folder, verified with the program's own
// verifier, synced, and only then given its name; an existing file is never
// replaced. After any error or a cancelled context nothing is left behind.
//
// Places are millimetres from the top left corner of the page as it is seen.
// The layout follows Phụ lục I of Nghị định 30/2020/NĐ-CP. The package prints
// nothing; errors are sentinels of this package and of those below it.
package signer
