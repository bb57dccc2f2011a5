"""Verifies or makes many tokens with PyJWT or joserfc, and takes the time of the loop alone.

usage: python.py LIBRARY verify ALG KEY TOKENS
       python.py LIBRARY mint SECRET CLAIMS

KEY is a file: a secret, a public key in PEM, or a JWK Set named *.jwks. TOKENS and CLAIMS have one item a line.
Every signature and every exp is checked; the first token that is refused ends the program with status 1.
New tokens go to standard output, "COUNT SECONDS" goes to standard error.
"""

import json
import sys
import time
from pathlib import Path


def pyjwt_verifier(alg, path):
    """Returns a function that raises an error if a token is refused."""
    import jwt

    if path.suffix == ".jwks":
        keys = {key.key_id: key for key in jwt.PyJWKSet.from_json(path.read_text()).keys}
        return lambda token: jwt.decode(
            token, keys[jwt.get_unverified_header(token)["kid"]], [alg], {"require": ["exp"], "verify_aud": False}
        )
    key = jwt.get_algorithm_by_name(alg).prepare_key(path.read_bytes())
    return lambda token: jwt.decode(token, key, [alg], {"require": ["exp"], "verify_aud": False})


def joserfc_verifier(alg, path):
    """Returns a function that raises an error if a token is refused."""
    from joserfc import jwt
    from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

    if path.suffix == ".jwks":
        key = KeySet.import_key_set(json.loads(path.read_text()))
    else:
        kind = {"HS": OctKey, "RS": RSAKey, "ES": ECKey}[alg[:2]]
        key = kind.import_key(path.read_bytes())
    registry = jwt.JWTClaimsRegistry(exp={"essential": True})
    return lambda token: registry.validate(jwt.decode(token, key, algorithms=[alg]).claims)


def pyjwt_minter(path):
    """Returns a function that signs claims with HS256."""
    import jwt

    secret = path.read_bytes()
    return lambda claims: jwt.encode(claims, secret, "HS256")


def joserfc_minter(path):
    """Returns a function that signs claims with HS256."""
    from joserfc import jwt
    from joserfc.jwk import OctKey

    key = OctKey.import_key(path.read_bytes())
    return lambda claims: jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, key)


def verify(verifier, tokens):
    """Verifies each token, and returns the seconds of the loop."""
    start = time.perf_counter()
    for number, token in enumerate(tokens, 1):
        try:
            verifier(token)
        except Exception as error:
            sys.exit(f"refused: line {number}: {type(error).__name__}: {error}")
    return time.perf_counter() - start


def mint(minter, lines):
    """Signs the claims of each line, prints the tokens, and returns the seconds of the loop."""
    start = time.perf_counter()
    tokens = [minter(json.loads(line)) for line in lines]
    seconds = time.perf_counter() - start
    print("\n".join(tokens))
    return seconds


match sys.argv[1:]:
    case [("pyjwt" | "joserfc") as library, "verify", alg, key, path]:
        verifier = {"pyjwt": pyjwt_verifier, "joserfc": joserfc_verifier}[library](alg, Path(key))
        items = Path(path).read_text().splitlines()
        seconds = verify(verifier, items)
    case [("pyjwt" | "joserfc") as library, "mint", secret, path]:
        minter = {"pyjwt": pyjwt_minter, "joserfc": joserfc_minter}[library](Path(secret))
        items = Path(path).read_text().splitlines()
        seconds = mint(minter, items)
    case _:
        sys.exit(__doc__)
print(len(items), f"{seconds:.6f}", file=sys.stderr)
