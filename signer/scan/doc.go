// Package scan judges scanned paper before it is certified as a copy (sao y):
// Nghị định 30/2020/NĐ-CP, Phụ lục I, phần II, and what takes its place in
// other layout profiles.
//
// [CheckFile] looks at a document and [Check] at one that is open already. The
// [Report] has a verdict for every page and for the document, each with
// findings: what was measured, what the limit is, which article sets it. What a
// finding means for a person is said by app/words.
//
// [Leaves] reads what pages files have, pictures and PDFs; a [Plan] puts them in
// order, turns and drops them, with undo; [Write] makes one PDF of it, with
// pictures in true size and coded as they were. [NewScanner] gives the system's
// scanners, which write such files.
//
// Resolutions are dots per inch on the page as placed, lengths mm, turns
// degrees clockwise. A verdict is about the file: what the paper looked like, or
// whether a copy was made of it before, nobody can tell from a file.
package scan
