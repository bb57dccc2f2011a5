// A real OpenID provider (oidc-provider) on a free port of 127.0.0.1, with a client for each pair of encryption algorithms.
// Owns: the configuration of the provider, and the requests that a browser and a client send to it. Must not: run fob, or
// judge tokens. The server lives in this process and ends with it.

import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { Provider } from "oidc-provider";

export const REDIRECT = "https://client.example/callback";
const USES = ["idToken", "userinfo", "introspection", "authorization", "requestObject"];

// Starts the provider. keys: its private JWKs. clients: their metadata. algorithms: { sign, encrypt, content }.
export async function startProvider({ keys, clients, algorithms }) {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const enabledJWA = Object.fromEntries(USES.flatMap((use) => [
    [`${use}SigningAlgValues`, algorithms.sign],
    [`${use}EncryptionAlgValues`, algorithms.encrypt],
    [`${use}EncryptionEncValues`, algorithms.content],
  ]));
  const enabled = { enabled: true };
  const provider = new Provider(issuer, {
    clients, jwks: { keys }, enabledJWA,
    cookies: { keys: [randomBytes(32).toString("hex")] },
    claims: { openid: ["sub"], email: ["email"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.com` }) }),
    conformIdTokenClaims: false, // the e-mail address is in the ID token, too
    features: {
      devInteractions: enabled, encryption: enabled, userinfo: enabled, jwtUserinfo: enabled, jwtResponseModes: enabled,
      requestObjects: enabled, introspection: { ...enabled, allowedPolicy: () => true }, jwtIntrospection: enabled,
    },
  });
  server.on("request", provider.callback());
  return issuer;
}

// One user's browser and the clients that the user logs in to.
export class Visitor {
  #issuer;
  #cookies = new Map();

  constructor(issuer) {
    this.#issuer = issuer;
  }

  // Sends a request with the cookies of the provider, and follows no redirect.
  async #send(url, form) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(new URL(url, this.#issuer), {
      method: form ? "POST" : "GET", body: form && new URLSearchParams(form), headers: { cookie }, redirect: "manual",
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return response;
  }

  // Logs in and consents on the pages of the provider, and returns the parameters that come back to the client.
  async authorize(parameters) {
    let response = await this.#send(`/auth?${new URLSearchParams(parameters)}`);
    for (let step = 0; step < 12; step += 1) {
      const place = response.headers.get("location");
      if (place?.startsWith(REDIRECT)) return Object.fromEntries(new URL(place).searchParams);
      if (place) {
        response = await this.#send(place);
        continue;
      }
      const page = await response.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (!prompt) throw new Error(`the provider answered ${response.status}: ${page}`);
      const action = /action="([^"]+)"/.exec(page)[1];
      response = await this.#send(action, prompt === "login" ? { prompt, login: "zoe", password: "any" } : { prompt });
    }
    throw new Error("the provider redirects without end");
  }

  // Makes the parameters of an authorization request, and the secret that proves its sender (RFC 7636).
  request(client) {
    const verifier = randomBytes(32).toString("base64url");
    const code_challenge = createHash("sha256").update(verifier).digest("base64url");
    const parameters = {
      client_id: client.client_id, response_type: "code", redirect_uri: REDIRECT, scope: "openid email",
      nonce: "n-0S6_WzA2Mj", state: "af0ifjsldkj", code_challenge, code_challenge_method: "S256",
    };
    return { parameters, verifier };
  }

  // Exchanges a code for tokens. proof: the form members that authenticate the client.
  async exchange(code, verifier, proof) {
    const form = { grant_type: "authorization_code", code, redirect_uri: REDIRECT, code_verifier: verifier, ...proof };
    const response = await this.#send("/token", form);
    return response.json();
  }

  async userinfo(accessToken) {
    const response = await fetch(`${this.#issuer}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    return response.text();
  }

  async introspect(token, proof) {
    const response = await fetch(`${this.#issuer}/token/introspection`, {
      method: "POST", body: new URLSearchParams({ token, ...proof }),
      headers: { accept: "application/token-introspection+jwt" },
    });
    return response.text();
  }
}
