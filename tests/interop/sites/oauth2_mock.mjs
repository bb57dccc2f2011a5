// oauth2-mock-server, as test suites start it. It accepts every client, every user and every refresh token.
// Owns: starting it. Must not: run fob.

import { OAuth2Server } from "oauth2-mock-server";

export async function startMock() {
  const server = new OAuth2Server();
  const lives = {}; // as of other sites, without effect
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  const url = `http://127.0.0.1:${server.address().port}`;
  server.issuer.url = url;
  return { url, issuer: url, service: server.service, lives, stop: () => server.stop() };
}
