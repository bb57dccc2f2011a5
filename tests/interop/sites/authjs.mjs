// Auth.js (@auth/core) and next-auth 4 with a log in by password. Their session is an encrypted token in a cookie.
// Owns: starting both. Must not: run fob.

import { Auth } from "@auth/core";
import credentials from "@auth/core/providers/credentials";
import cookieParser from "cookie-parser";
import express from "express";
import nextAuthModule from "next-auth";
import passwords from "next-auth/providers/credentials";
import { USER, serve } from "./server.mjs";

export const SECRET = "interop-secret-0123456789-abcdefghijklmnopqrstuvwxyz";
const nextAuth = nextAuthModule.default ?? nextAuthModule;

const authorize = ({ username, password }) => (username === USER.username && password === USER.password
  ? { id: USER.id, name: USER.username, email: USER.email } : null);
const fields = { username: {}, password: { type: "password" } };

// Reads the body of a request.
async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

// Starts the server of @auth/core under /auth.
export function startAuthCore() {
  return serve((url) => {
    const config = {
      basePath: "/auth", secret: SECRET, trustHost: true, session: { strategy: "jwt", updateAge: 0 },
      providers: [credentials({ credentials: fields, authorize })], logger: { error() {}, warn() {}, debug() {} },
    };
    const handler = async (req, res) => {
      const content = await body(req);
      const request = new Request(new URL(req.url, url), {
        method: req.method, headers: req.headers, ...(content.length && { body: content }),
      });
      const response = await Auth(request, config);
      res.statusCode = response.status;
      for (const [name, value] of response.headers) if (name !== "set-cookie") res.setHeader(name, value);
      res.setHeader("set-cookie", response.headers.getSetCookie());
      res.end(Buffer.from(await response.arrayBuffer()));
    };
    return { handler, base: `${url}/auth`, cookie: "authjs.session-token" };
  });
}

// Starts the server of next-auth 4 under /api/auth. Express calls it as the Pages Router of Next.js does.
export function startNextAuth() {
  return serve((url) => {
    process.env.NEXTAUTH_URL = url;
    const options = {
      secret: SECRET, session: { strategy: "jwt", updateAge: 0 }, logger: { error() {}, warn() {}, debug() {} },
      providers: [passwords.default({ credentials: fields, authorize })],
    };
    const site = express();
    site.use(express.json(), express.urlencoded({ extended: false }), cookieParser());
    site.all("/api/auth/*path", (req, res) => {
      const { method, headers, cookies, body = {} } = req;
      return nextAuth({ method, headers, cookies, body, query: { ...req.query, nextauth: req.params.path } }, res, options);
    });
    return { handler: site, base: `${url}/api/auth`, cookie: "next-auth.session-token" };
  });
}
