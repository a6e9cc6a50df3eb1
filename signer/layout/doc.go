// Package layout finds the places of a Vietnamese public document by its text:
// where the signature goes, where number and date are still missing, where the
// recipients stand, and where a text block in the top right corner has room. It
// follows Nghị định 30/2020/NĐ-CP on văn thư, Phụ lục I, and for Party documents
// the rules of Văn phòng Trung ương; what differs between them comes from a
// profile of package assets.
//
// [Find] reads a document once and returns everything that it found with a
// confidence from 0 to 1 and typed reasons. Nothing is guessed in silence:
// [Found.Sure] names the signing block only when one can be used without a
// question, else [Found.Blocks] has at most three candidates, the best first.
// [TopRight] places a text block.
//
// All lengths are millimetres from the top left corner of the page as seen, y
// downwards; sizes of type are points (1/72 inch) as seen. The package changes
// nothing and knows no signatures.
package layout
