package cli

import (
	"fmt"

	"antin/app/words"
	"antin/signer/verify"
)

// showReport prints the verdict of a document and what it rests on.
func (c *command) showReport(file string, r *verify.Report) {
	verdicts := map[verify.Verdict]string{
		verify.Valid: "verdict.valid", verify.Invalid: "verdict.invalid",
		verify.Undecided: "verdict.undecided", verify.Unsigned: "verdict.unsigned",
	}
	fmt.Fprintln(c.Stdout, c.words.Text(verdicts[r.Verdict()], file))
	if n := len(r.Orphans); n > 0 {
		fmt.Fprintln(c.Stdout, "  "+c.words.Text("verify.orphans", n))
	}
	for i := range r.Signatures {
		heading, lines := c.words.Signature(r, &r.Signatures[i])
		fmt.Fprintf(c.Stdout, "  %d. %s\n", i+1, heading)
		c.showLines("     ", lines)
	}
	if len(r.Signatures) > 0 {
		fmt.Fprintln(c.Stdout, "  "+c.words.Text("verify.technical"))
	}
	for i := range r.Signatures {
		heading, lines := words.Technical(r, i+1)
		fmt.Fprintln(c.Stdout, "     "+heading)
		c.showLines("        ", lines)
	}
}

func (c *command) showLines(indent string, lines []string) {
	for _, l := range lines {
		fmt.Fprintln(c.Stdout, indent+l)
	}
}
