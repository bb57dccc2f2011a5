"""Runs the tests of jwcrypto that come with its package, and gives fob each encrypted token that they decrypt, with the same key.

Among them are the examples of RFC 7516, RFC 7519 and RFC 7520, tokens that users of jwcrypto have reported, and invalid ones.
Owns: the comparison, and the list of tokens on which both differ for a reason. Must not: run on a jwcrypto that is not pinned.
"""

import importlib.util
import io
import json
import sys
import unittest
import warnings
from pathlib import Path

import jwcrypto
from jwcrypto.common import base64url_decode
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK, JWKSet

from fob import file_of, fob
from forms import KEY_ALGORITHMS
from tally import Tally, same

tally = Tally("jwcrypto's own tests")
# The tests in which fob refuses tokens or keys that jwcrypto takes, and the reason.
STRICTER = {
    "ConformanceTests.test_jwe_decompression_max": "malformed:too_large",  # the content grows a thousandfold
    "TestJWT.test_unexpected": "its `key_ops` is a string, not an array",
}
# Each is (token, key as JSON, allowed algorithms, plaintext or None if jwcrypto refused it, name of the test).
seen = []
current = None


def record(token, key, algorithms, plaintext):
    if isinstance(token, str) and not token.lstrip().startswith("{") and isinstance(key, (JWK, JWKSet, str)):
        if isinstance(key, str):  # a password
            key = JWK.from_password(key)
        members = key if isinstance(key, JWKSet) else [key]
        jwks = [{name: value for name, value in jwk.export(as_dict=True).items() if value is not None} for jwk in members]
        text = json.dumps({"keys": jwks} if isinstance(key, JWKSet) else jwks[0])
        seen.append((token, text, algorithms, plaintext, current))


class Recorded(JWE):
    """A JWE of jwcrypto that records what it decrypts, and whether that worked."""

    _deserialize, _decrypt_whole = JWE.deserialize, JWE.decrypt

    def deserialize(self, raw_jwe, key=None):
        self.__dict__["text"] = raw_jwe
        Recorded._deserialize(self, raw_jwe, key)

    def decrypt(self, key, max_plaintext=0):
        text = self.__dict__.get("text")
        try:
            Recorded._decrypt_whole(self, key, max_plaintext)
        except Exception:
            record(text, key, self.allowed_algs, None)
            raise
        record(text, key, self.allowed_algs, self.plaintext)


JWE.deserialize, JWE.decrypt = Recorded.deserialize, Recorded.decrypt


class Names(unittest.TextTestResult):
    """Notes the name of the test that runs."""

    def startTest(self, test):  # the name is unittest's
        global current
        current = test.id().split(".", 1)[1]
        super().startTest(test)


def run_tests(file):
    spec = importlib.util.spec_from_file_location(file.stem.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = unittest.TextTestRunner(io.StringIO(), resultclass=Names).run(suite)
    assert result.wasSuccessful(), f"jwcrypto fails its own tests: {result.failures + result.errors}"


for name in ("tests.py", "tests-cookbook.py"):
    run_tests(Path(jwcrypto.__file__).with_name(name))
for token, key, allowed, plaintext, test in seen:
    # fob has no option that forbids a content encryption.
    if plaintext is None and token.count(".") == 4 and json.loads(base64url_decode(token.split(".")[0])).get("enc") not in allowed:
        continue
    with tally.check(f"{test}: {'opened' if plaintext is not None else 'refused'}"):
        algorithms = [word for algorithm in KEY_ALGORITHMS if algorithm in allowed for word in ("--decrypt-alg", algorithm)]
        options = ("--decrypt-key", file_of(key.encode()), *algorithms)
        answer = fob("decode", "-", "--part", "payload", *options, secret=None, stdin=token)
        if plaintext is None:
            assert answer.status != 0, f"fob opens what jwcrypto refuses: {answer.stdout}"
        elif answer.status != 0 and test in STRICTER:
            assert STRICTER[test] in answer.stderr, f"fob refuses it for another reason than {STRICTER[test]}"
        else:
            if plaintext.count(b".") == 2 and plaintext.startswith(b"eyJ"):  # fob shows the claims of the token inside
                plaintext = base64url_decode(plaintext.decode().split(".")[1])
            same((answer.status, answer.stdout), (0, plaintext.decode()), "status and plaintext")
tally.finish()
