package signer

import (
	"antin/signer/cms"
	"antin/signer/register"
)

// LogOf is what the register's log says of a signature that Approve or Attach has
// made; number is that of the document an attachment belongs to.
func LogOf(c Common, what, number string, made *Result) (register.Action, error) {
	sum, err := hashFile(made.Source, -1)
	return register.Action{
		What: what, Number: number, Certificate: fingerprint(c.Key.Certificate()), Name: cms.DisplayName(c.Key.Certificate()),
		Source: register.File{Path: made.Source, SHA256: sum}, Output: outputOf(made),
		Result: "done", NeedsStamp: c.TSA != nil && made.Level == "B-B",
	}, err
}
