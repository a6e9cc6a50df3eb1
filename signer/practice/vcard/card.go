// Package vcard is a smart card made of software in a real PC/SC stack: pcscd
// with the reader driver of the vsmartcard project (vpcd), in namespaces of its
// own, so that the readers of the machine are left alone. Tests use it for what
// a software token cannot do: a PIN counter that locks, a card that is pulled
// out, put back, or does not answer.
//
// [New] makes a card, [Start] the stack (Linux only, else [ErrUnavailable]), and
// [Reader.Insert] brings them together. The environment of [Reader.Env] leads
// PC/SC clients, as the PKCS#11 module of OpenSC, to this stack. The card is a
// PIV card (NIST SP 800-73-4) with RSA keys; it knows what OpenSC asks for.
// It is for practice: it trusts everybody and its keys lie in memory.
package vcard

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/binary"
	"math/big"
	"sync"
)

// Slot is the place of a key, NIST SP 800-73-4, part 1, table 4b.
type Slot byte

// The slots that the card has.
const (
	Authentication Slot = 0x9a // the PIN once
	Signature      Slot = 0x9c // the PIN before each signature
)

// object is the place of the certificate of a slot, table 3.
func (s Slot) object() string {
	if s == Signature {
		return "\x5f\xc1\x0a"
	}
	return "\x5f\xc1\x05"
}

// Key is a key with its certificate.
type Key struct {
	Slot        Slot
	Certificate *x509.Certificate
	Private     *rsa.PrivateKey // at least 1024 bits, whole bytes
}

// MaxTries is the number of wrong PINs that locks the card.
const MaxTries = 3

// Card is the card; its methods may be called while it is in a reader.
type Card struct {
	mu       sync.Mutex
	pin      []byte
	keys     map[Slot]Key
	objects  map[string][]byte // by tag
	atr      []byte
	tries    int
	asked    int // PINs that were checked
	verified bool
	refusal  uint16
	hanging  chan struct{} // closed when the card answers again; nil: it does

	// Of the command that comes in parts, and of the answer that goes in parts.
	command, answer []byte
}

// New makes a card with a PIN of 6 to 8 digits and a serial number of its own.
func New(pin string, keys ...Key) *Card {
	c := &Card{
		pin: padded([]byte(pin)), keys: map[Slot]Key{}, objects: map[string][]byte{}, tries: MaxTries,
		atr: []byte{0x3b, 0x80, 0x80, 0x01, 0x01}, // direct convention, T=0 and T=1, no history
	}
	for _, k := range keys {
		c.keys[k.Slot] = k
		value := append(tlv(0x70, k.Certificate.Raw), 0x71, 1, 0, 0xfe, 0) // not compressed
		c.objects[k.Slot.object()] = tlv(0x53, value)
	}
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // never fails
	holder := bytes.Join([][]byte{tlv(0x30, make([]byte, 25)), tlv(0x34, serial), tlv(0x35, []byte("20401231")), {0x3e, 0, 0xfe, 0}}, nil)
	c.objects["\x5f\xc1\x02"] = tlv(0x53, holder) // CHUID
	return c
}

// ATR is the answer to reset.
func (c *Card) ATR() []byte { return bytes.Clone(c.atr) }

// Tries is how many wrong PINs are left.
func (c *Card) Tries() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tries
}

// Asked is how many PINs, right or wrong, were sent to the card.
func (c *Card) Asked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// Unblock sets the counter of tries back.
func (c *Card) Unblock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries = MaxTries
}

// Refuse makes every signature end with a status word (ISO/IEC 7816-4), until
// it is called with 0.
func (c *Card) Refuse(status uint16) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusal = status
}

// Hang makes the card not answer to commands for signatures until it is called
// with false; then it answers those that wait as well.
func (c *Card) Hang(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case on && c.hanging == nil:
		c.hanging = make(chan struct{})
	case !on && c.hanging != nil:
		close(c.hanging)
		c.hanging = nil
	}
}

// reset is what a loss of power does.
func (c *Card) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.verified, c.command, c.answer = false, nil, nil
}

// Status words, ISO/IEC 7816-4, 5.6.
const (
	swOK             = 0x9000
	swLength         = 0x6700
	swNotVerified    = 0x6982
	swBlocked        = 0x6983
	swData           = 0x6a80
	swNotFound       = 0x6a82
	swNoSuchKey      = 0x6a88
	swNoSuchCommand  = 0x6d00
	swTriesLeft      = 0x63c0
	swMoreToCome     = 0x6100
	insVerify        = 0x20
	insGeneral       = 0x87 // GENERAL AUTHENTICATE
	insSelect        = 0xa4
	insMore          = 0xc0 // GET RESPONSE
	insGetData       = 0xcb
	pivPIN           = 0x80
	claMoreToFollow  = 0x10
	maxAnswerAtOnce  = 256
	maxCommandLength = 4096
)

// transmit answers one command.
func (c *Card) transmit(apdu []byte) []byte {
	if len(apdu) >= 2 && apdu[1] == insGeneral {
		c.mu.Lock()
		hanging := c.hanging
		c.mu.Unlock()
		if hanging != nil {
			<-hanging
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(apdu) < 4 {
		return c.status(swLength)
	}
	cla, ins, p1, p2 := apdu[0], apdu[1], apdu[2], apdu[3]
	data := body(apdu)
	if ins == insMore {
		return c.reply(c.answer)
	}
	c.command = append(c.command, data...)
	if len(c.command) > maxCommandLength {
		c.command = nil
		return c.status(swLength)
	}
	if cla&claMoreToFollow != 0 {
		return c.status(swOK)
	}
	data, c.command = c.command, nil
	switch ins {
	case insSelect:
		application := []byte{0xa0, 0, 0, 3, 8}
		if p1 != 4 || !bytes.HasPrefix(data, application) {
			return c.status(swNotFound)
		}
		c.verified = false
		return c.reply(tlv(0x61, append(tlv(0x4f, []byte{0, 0, 0x10, 0, 1, 0}), tlv(0x79, tlv(0x4f, application))...)))
	case insGetData:
		if len(data) < 2 || data[0] != 0x5c || len(data) < 2+int(data[1]) {
			return c.status(swData)
		}
		if object, ok := c.objects[string(data[2:2+int(data[1])])]; ok {
			return c.reply(object)
		}
		return c.status(swNotFound)
	case insVerify:
		return c.verify(p1, p2, data)
	case insGeneral:
		return c.sign(Slot(p2), data)
	}
	return c.status(swNoSuchCommand)
}

// verify is SP 800-73-4, part 2, 3.2.1.
func (c *Card) verify(p1, p2 byte, pin []byte) []byte {
	switch {
	case p2 != pivPIN:
		return c.status(swNoSuchKey)
	case p1 == 0xff:
		c.verified = false
		return c.status(swOK)
	case len(pin) == 0 && c.verified:
		return c.status(swOK)
	case c.tries == 0:
		return c.status(swBlocked)
	case len(pin) == 0:
		return c.status(swTriesLeft | uint16(c.tries))
	}
	c.asked++
	if c.verified = bytes.Equal(pin, c.pin); c.verified {
		c.tries = MaxTries
		return c.status(swOK)
	}
	c.tries--
	if c.tries == 0 {
		return c.status(swBlocked)
	}
	return c.status(swTriesLeft | uint16(c.tries))
}

// sign is SP 800-73-4, part 2, 3.2.4, with a block that the host has padded.
func (c *Card) sign(slot Slot, data []byte) []byte {
	k, ok := c.keys[slot]
	switch {
	case !ok:
		return c.status(swNoSuchKey)
	case !c.verified:
		return c.status(swNotVerified)
	case c.refusal != 0:
		return c.status(c.refusal)
	}
	if slot == Signature {
		c.verified = false
	}
	_, template, _ := readTLV(data)
	for len(template) > 0 {
		tag, value, rest := readTLV(template)
		if tag == 0x81 && len(value) == k.Private.Size() {
			block := new(big.Int).SetBytes(value)
			block.Exp(block, k.Private.D, k.Private.N)
			return c.reply(tlv(0x7c, tlv(0x82, block.FillBytes(make([]byte, k.Private.Size())))))
		}
		template = rest
	}
	return c.status(swData)
}

func (c *Card) status(sw uint16) []byte {
	c.answer = nil
	return binary.BigEndian.AppendUint16(nil, sw)
}

// reply sends what fits and keeps the rest.
func (c *Card) reply(b []byte) []byte {
	if len(b) <= maxAnswerAtOnce {
		c.answer = nil
		return binary.BigEndian.AppendUint16(bytes.Clone(b), swOK)
	}
	part, rest := b[:maxAnswerAtOnce], b[maxAnswerAtOnce:]
	c.answer = rest
	return binary.BigEndian.AppendUint16(bytes.Clone(part), swMoreToCome|uint16(min(len(rest), 256)&0xff))
}

func padded(pin []byte) []byte { // SP 800-73-4, part 2, 2.4.3
	return append(pin, bytes.Repeat([]byte{0xff}, max(0, 8-len(pin)))...)
}

// body is the data field of a command, ISO/IEC 7816-4, 5.1.
func body(apdu []byte) []byte {
	switch {
	case len(apdu) > 7 && apdu[4] == 0:
		return apdu[7:min(len(apdu), 7+int(binary.BigEndian.Uint16(apdu[5:])))]
	case len(apdu) > 5:
		return apdu[5:min(len(apdu), 5+int(apdu[4]))]
	}
	return nil
}

// tlv writes tag (one byte), length and value.
func tlv(tag byte, value []byte) []byte {
	out := []byte{tag}
	switch n := len(value); {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	default:
		out = append(out, 0x82, byte(n>>8), byte(n))
	}
	return append(out, value...)
}

// readTLV is the inverse; value is nil when b is cut.
func readTLV(b []byte) (tag byte, value, rest []byte) {
	if len(b) < 2 {
		return 0, nil, nil
	}
	n, head := int(b[1]), 2
	switch {
	case b[1] == 0x81 && len(b) > 2:
		n, head = int(b[2]), 3
	case b[1] == 0x82 && len(b) > 3:
		n, head = int(b[2])<<8|int(b[3]), 4
	case b[1] >= 0x80:
		return 0, nil, nil
	}
	if len(b) < head+n {
		return 0, nil, nil
	}
	return b[0], b[head : head+n], b[head+n:]
}
