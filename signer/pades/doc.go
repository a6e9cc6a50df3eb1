// Package pades puts one PAdES signature into a PDF (ETSI EN 319 142-1, levels
// B-B and B-T), or a document time-stamp that brings a signature from B-B to B-T
// afterwards (NewTimeStampPlan).
//
// NewPlan checks what can be checked before anybody types a PIN: the document's
// own restrictions (DocMDP, FieldMDP, seed values, encryption), the certificate,
// the place. Plan.Write then streams the source and one new revision to a
// target, asks the Key for exactly one signature value, optionally the
// time-stamping authority for one token, and fills the gap left for them.
//
//	plan, err := pades.NewPlan(file, request)
//	…ask for the PIN…
//	made, err := plan.Write(ctx, temporaryFile, nil)
//
// The source is only read. What was written should be verified before anybody
// gets it; that is the caller's part. Lengths are mm; sizes are bytes.
package pades
