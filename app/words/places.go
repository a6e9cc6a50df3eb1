package words

import (
	"errors"
	"strings"

	"antin/signer"
	"antin/signer/layout"
)

// reasonTexts say what speaks for or against a place.
var reasonTexts = map[layout.Reason]string{
	layout.AuthorityFound: "reason.authority", layout.PositionFound: "reason.position", layout.NameMatches: "reason.name-matches",
	layout.FirstOfSeveral: "reason.first-of-several", layout.MainDocument: "reason.main-document", layout.BesideOtherSlot: "reason.beside-other-slot",

	layout.NameDiffers: "reason.name-differs", layout.NameMissing: "reason.name-missing", layout.TitleUnknown: "reason.title-unknown",
	layout.SpaceTight: "reason.space-tight", layout.OffAxis: "reason.off-axis", layout.SplitPages: "reason.split-pages",
	layout.InAttachment: "reason.in-attachment", layout.InkInside: "reason.ink-inside", layout.Taken: "reason.taken",
	layout.SeveralBlocks: "reason.several-blocks", layout.SlotNarrow: "reason.slot-narrow", layout.SlotDotted: "reason.slot-dotted",
	layout.SlotUnusual: "reason.slot-unusual",

	layout.ImageOnly: "reason.image-only", layout.RecognisedText: "reason.recognised-text", layout.TextUnreadable: "reason.text-unreadable",
	layout.NoBlock: "reason.no-block", layout.PagesSkipped: "reason.pages-skipped",
}

// Reason is what speaks for or against a place, as a part of a sentence.
func (l Language) Reason(r layout.Reason) string { return l.Text(reasonTexts[r]) }

// Doubts are the reasons of a place, or of a document, for which a person has to
// look, with commas between; "" when there are none.
func (l Language) Doubts(reasons []layout.Reason) string {
	var out []string
	for _, r := range reasons {
		if r >= layout.NameDiffers {
			out = append(out, l.Reason(r))
		}
	}
	return strings.Join(out, ", ")
}

// places are the signing blocks to choose from, as --at takes them, with what
// makes each doubtful; the window shows them on the page.
func (l Language) places(err error) (next []string) {
	var unsure *signer.PlaceError
	if !errors.As(err, &unsure) {
		return nil
	}
	if why := l.Doubts(unsure.Found.Reasons); why != "" {
		next = append(next, l.Text("sign.place-why", why))
	}
	for i, b := range unsure.Found.Blocks {
		title := strings.Trim(b.Position()+" – "+b.Name, " –")
		if why := l.Doubts(b.Reasons); why != "" {
			title = l.Text("sign.doubted", title, why)
		}
		next = append(next, l.Text("sign.candidate", i+1, b.Page, title, b.Page, b.Box.X, b.Box.Y, b.Box.W, b.Box.H))
	}
	return next
}
