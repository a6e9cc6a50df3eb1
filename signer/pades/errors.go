package pades

import "errors"

// Refusals: the document may not be signed in this way.
var (
	ErrCertified   = errors.New("pades: a certification forbids this change")               // ISO 32000-1, 12.8.2.2: DocMDP
	ErrLocked      = errors.New("pades: an earlier signature locks this field")             // ISO 32000-1, 12.8.2.4: FieldMDP
	ErrSeed        = errors.New("pades: the signature field asks for what cannot be given") // ISO 32000-1, 12.7.4.5: seed values
	ErrPermission  = errors.New("pades: the document's encryption forbids signing")         // ISO 32000-1, 7.6.3.2: permissions
	ErrDynamicForm = errors.New("pades: dynamic XFA forms cannot be signed")                // ISO 32000-1, 12.7.8
	ErrUsageRights = errors.New("pades: a change would end the document's usage rights")    // ISO 32000-1, 12.8.2.3
)

// Requests that do not fit the document.
var (
	ErrField      = errors.New("pades: no such empty signature field")
	ErrValueField = errors.New("pades: no such empty text field")
	ErrPlace      = errors.New("pades: the place is not on the page")
	ErrNotFirst   = errors.New("pades: only the first signature can do this") // certification, new text fields
)

// The signature could not be made.
var (
	ErrKeyMismatch = errors.New("pades: the signature value does not fit the certificate")
	ErrTooLarge    = errors.New("pades: the signature does not fit the space left for it")
)
