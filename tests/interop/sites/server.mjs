// The common part of all servers in this folder: a port on 127.0.0.1, the only user, and the list of requests.
// Owns: listening and ending. Must not: know a product.

import { once } from "node:events";
import { createServer } from "node:http";

export const USER = { id: "7", username: "zoë", email: "zoë@example.com", password: 'p+a%20b c&d="é"=;/?' };

// Starts a server on a free port. make: gets the URL, and returns the handler of requests and other members of the site.
// The requests so far are in `asked`, each as "POST /path?query", so that a check can count them.
// `lives` has the seconds that new tokens are good for, which a check may change.
export async function serve(make) {
  const server = createServer(), asked = [], lives = { access: 600, refresh: 86_400 };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const { handler, ...site } = await make(url, lives);
  server.on("request", (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { ...site, url, asked, lives, stop };
}

export const now = () => Math.floor(Date.now() / 1000);

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
