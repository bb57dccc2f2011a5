// Answers for golang-jwt: a line holds tokens of one kind of key, the answer a payload or a reason for each.
// Owns: the calls of golang-jwt. Must not: compare verdicts.
package main

import (
	"bufio"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"os"
	"time"

	"github.com/golang-jwt/jwt"
)

type question struct {
	Keys     map[string]string
	Allowed  map[string][]string
	Issuer   string
	Audience string
	Now      int64
	Kind     string
	Demands  bool
	Texts    []string
}

var settings question
var keys = map[string]interface{}{}

func prepare(first question) error {
	settings = first
	jwt.TimeFunc = func() time.Time { return time.Unix(first.Now, 0) }
	var err error
	for kind, text := range first.Keys {
		switch kind {
		case "secret":
			keys[kind], err = base64.RawURLEncoding.DecodeString(text)
		case "rsa":
			keys[kind], err = jwt.ParseRSAPublicKeyFromPEM([]byte(text))
		case "p256":
			keys[kind], err = jwt.ParseECPublicKeyFromPEM([]byte(text))
		case "ed25519":
			var key crypto.PublicKey
			key, err = jwt.ParseEdPublicKeyFromPEM([]byte(text))
			keys[kind] = key
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Returns the payload as text, or nothing and the reason.
func judge(kind string, demands bool, text string) [2]interface{} {
	parser := jwt.NewParser(jwt.WithValidMethods(settings.Allowed[kind]))
	claims := jwt.MapClaims{}
	_, err := parser.ParseWithClaims(text, claims, func(*jwt.Token) (interface{}, error) { return keys[kind], nil })
	if err != nil {
		return [2]interface{}{nil, err.Error()}
	}
	if demands && !claims.VerifyIssuer(settings.Issuer, true) {
		return [2]interface{}{nil, "issuer"}
	}
	if demands && !claims.VerifyAudience(settings.Audience, true) {
		return [2]interface{}{nil, "audience"}
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return [2]interface{}{nil, err.Error()}
	}
	return [2]interface{}{string(payload), ""}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked question
		if err := json.Unmarshal(line, &asked); err != nil {
			panic(err)
		}
		if asked.Keys != nil {
			if err := prepare(asked); err != nil {
				panic(err)
			}
			out.Encode(struct{}{})
			continue
		}
		answers := [][2]interface{}{}
		for _, text := range asked.Texts {
			answers = append(answers, judge(asked.Kind, asked.Demands, text))
		}
		out.Encode(answers)
	}
}
