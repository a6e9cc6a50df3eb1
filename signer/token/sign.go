package token

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"errors"
	"math/big"
	"time"

	"github.com/miekg/pkcs11"

	"antin/signer/cms"
)

// digestInfo is the DER in front of a digest in RSASSA-PKCS1-v1_5 (RFC 8017,
// 9.2, note 1).
var digestInfo = map[crypto.Hash][]byte{
	crypto.SHA256: {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20},
	crypto.SHA384: {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30},
	crypto.SHA512: {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40},
}

// hashMechanisms are the mechanisms that belong to a hash.
var hashMechanisms = map[crypto.Hash]struct{ digest, mgf, pkcs1, pss, ecdsa uint }{
	crypto.SHA256: {pkcs11.CKM_SHA256, pkcs11.CKG_MGF1_SHA256, pkcs11.CKM_SHA256_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA256},
	crypto.SHA384: {pkcs11.CKM_SHA384, pkcs11.CKG_MGF1_SHA384, pkcs11.CKM_SHA384_RSA_PKCS, pkcs11.CKM_SHA384_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA384},
	crypto.SHA512: {pkcs11.CKM_SHA512, pkcs11.CKG_MGF1_SHA512, pkcs11.CKM_SHA512_RSA_PKCS, pkcs11.CKM_SHA512_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA512},
}

// attempt is one way to let the token make the signature.
type attempt struct {
	mechanism *pkcs11.Mechanism
	input     []byte
}

// attempts are the ways to sign message, the most widely implemented first:
// the digest made here, then the message for tokens that insist on hashing.
func attempts(scheme cms.Scheme, cert crypto.PublicKey, h crypto.Hash, message []byte, known map[uint]bool) []attempt {
	hash := h.New()
	hash.Write(message)
	digest := hash.Sum(nil)
	of := hashMechanisms[h]
	var all []attempt
	switch scheme {
	case cms.PKCS1v15:
		info := append(append([]byte{}, digestInfo[h]...), digest...)
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil), info},
			{pkcs11.NewMechanism(of.pkcs1, nil), message},
		}
	case cms.PSS:
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS_PSS, pkcs11.NewPSSParams(of.digest, of.mgf, uint(h.Size()))), digest},
			{pkcs11.NewMechanism(of.pss, pkcs11.NewPSSParams(of.digest, of.mgf, uint(h.Size()))), message},
		}
	case cms.ECDSA:
		// PKCS #11, 2.3.6: a digest longer than the order is cut by the caller.
		if p, ok := cert.(*ecdsa.PublicKey); ok {
			digest = digest[:min(len(digest), (p.Params().N.BitLen()+7)/8)]
		}
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil), digest},
			{pkcs11.NewMechanism(of.ecdsa, nil), message},
		}
	}
	var listed []attempt
	for _, a := range all {
		if known[a.mechanism.Mechanism] {
			listed = append(listed, a)
		}
	}
	if len(listed) == 0 { // no list, or one that is not to be believed: asking costs nothing
		return all
	}
	return listed
}

// sign makes one signature; asked tells that the token checked the PIN for it.
func (h *helper) sign(q request) (signature []byte, asked bool, err error) {
	l, err := h.session(q.Session)
	if err != nil {
		return nil, false, err
	}
	if l.key == 0 {
		return nil, false, refuse(ErrSessionEnded, "the login is not complete")
	}
	hash := crypto.Hash(q.Hash)
	if _, ok := digestInfo[hash]; !ok {
		return nil, false, refuse(ErrUnsupported, "hash %d", q.Hash)
	}
	if err := signedAttributes(l.certificate, hash, q.Message); err != nil {
		return nil, false, err
	}
	err = refuse(ErrUnsupported, "scheme %d", q.Scheme)
	for _, a := range attempts(cms.Scheme(q.Scheme), l.certificate.PublicKey, hash, q.Message, l.mechanisms) {
		if signature, err = h.signOnce(l, a); err == nil {
			if !l.reauth {
				clear(l.pin) // the first signature showed that it is not needed again
				l.pin = nil
			}
			l.used = time.Now() // of the end: a person may have taken long on a PIN pad
			l.seen = l.used
			return sequence(signature, l.certificate.PublicKey), l.reauth, nil
		}
		if !errors.Is(err, ErrUnsupported) {
			break
		}
	}
	if errors.Is(err, ErrSessionEnded) || errors.Is(err, ErrRemoved) || isPIN(err) {
		var why *Error
		if !errors.As(err, &why) || isPIN(err) { // a refused PIN is told once
			why = refuse(ErrSessionEnded, "a signature was refused: %v", err)
		}
		h.end(q.Session, why)
	}
	return nil, false, err
}

// signOnce runs one C_SignInit with its C_Sign. Whatever C_Sign answers, the
// next try begins with C_SignInit again: several modules leave the operation in
// a state of their own (yubico-piv-tool #347).
func (h *helper) signOnce(l *login, a attempt) ([]byte, error) {
	init := func() error { return h.c.SignInit(l.session, []*pkcs11.Mechanism{a.mechanism}, l.key) }
	err := init()
	if ckr(err) == pkcs11.CKR_OPERATION_ACTIVE { // such a module
		if err := h.reopen(l); err != nil {
			return nil, err
		}
		err = init()
	}
	if err != nil {
		return nil, h.fault(l, "C_SignInit", err)
	}
	// Nothing may be called between the context login and C_Sign (PKCS #11, 4.9:
	// CKA_ALWAYS_AUTHENTICATE).
	if l.reauth {
		if err := h.c.Login(l.session, pkcs11.CKU_CONTEXT_SPECIFIC, l.pin); err != nil {
			// It may be a PIN of its own that is counted on its own: a second try
			// must not happen by itself, so the session ends here.
			return nil, h.refusedPIN(l, "C_Login", err)
		}
	}
	signature, err := h.c.Sign(l.session, a.input)
	if ckr(err) == pkcs11.CKR_USER_NOT_LOGGED_IN && !l.reauth && (l.state.Pad || len(l.pin) > 0) {
		// Logged in, and yet not: a key that asks for the PIN at each signature on
		// a token that does not say so. Once, with the PIN that it has just taken.
		l.reauth = true
		signature, err = h.signOnce(l, a)
		if errors.Is(err, ErrDriver) { // no, the login was lost
			return nil, refuse(ErrSessionEnded, "the token has logged out: %v", err)
		}
		return signature, err
	}
	if err != nil {
		return nil, h.fault(l, "C_Sign", err)
	}
	return signature, nil
}

// reopen replaces the session without losing the login, which lasts as long as
// one session is open.
func (h *helper) reopen(l *login) error {
	s, err := h.c.OpenSession(l.slot, pkcs11.CKF_SERIAL_SESSION)
	if err != nil {
		return h.fault(l, "C_OpenSession", err)
	}
	_ = h.c.CloseSession(l.session) // it is the one that does not work
	l.session = s
	l.key, err = h.findKey(l, l.ids)
	return err
}

func isPIN(err error) bool {
	for _, pin := range []error{ErrPINWrong, ErrPINLocked, ErrPINExpired, ErrPINFormat, ErrPINNotSet} {
		if errors.Is(err, pin) {
			return true
		}
	}
	return false
}

// sequence turns r‖s of an elliptic curve into DER. A module that returns DER
// already is left alone, as is everything for RSA and what nobody can read: the
// check against the certificate has the last word.
func sequence(raw []byte, key crypto.PublicKey) []byte {
	p, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return raw
	}
	type pair struct{ R, S *big.Int }
	n := 2 * ((p.Params().N.BitLen() + 7) / 8)
	if len(raw) != n {
		var v pair
		if rest, err := asn1.Unmarshal(raw, &v); err == nil && len(rest) == 0 {
			return raw
		}
		if len(raw) == 0 || len(raw) > n || len(raw)%2 != 0 { // shorter: halves without leading zeros
			return raw
		}
	}
	half := len(raw) / 2
	der, err := asn1.Marshal(pair{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
	if err != nil {
		return raw
	}
	return der
}
