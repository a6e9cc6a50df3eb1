// Package report turns what package verify found into what a clerk has to know
// and to keep: the answers to the decree's questions (Nghị định 68/2024/NĐ-CP,
// Điều 29, 31, 32; Nghị định 30/2020/NĐ-CP, Điều 5 and 21.2), one of four results
// for the document, and the record of the check (biên bản kiểm tra chữ ký số).
//
// [Check] judges an opened document; [Examine] does the last step alone, for
// callers that have a verify.Report. The documents of one sitting form a
// [Model], which [Model.JSON], [Model.HTML] and [Model.PDF] write; the same model
// gives the same bytes. [Model.Notice] drafts the letter to the sender of a
// refused document. [WriteEvidence] keeps certificates, revocation data and
// time-stamps beside a document, and [DeleteEvidence] takes them away again.
//
// A document is Valid only when each of the eight questions was answered well.
// What is not known, not looked at or not foreseen is never good. Whether a
// certificate is a person's or an organisation's is said by the caller; a guess
// from its name is offered as a guess, and chức vụ is never read from a
// certificate.
//
// Names and reasons come from strangers: control characters are taken out of
// them and their length is bounded before they enter the model. Places are mm
// on the page as seen; sizes are bytes; times are in Vietnamese time (+07:00).
package report
