// A stub of Supabase's log in server, made from its public documentation and source. It is no product.
// Owns: the requests and answers of /auth/v1. Must not: run fob.

import { randomBytes, randomUUID } from "node:crypto";
import express from "express";
import jwt from "jsonwebtoken";
import { USER, now, serve } from "./server.mjs";

export const SECRET = "super-secret-jwt-token-with-at-least-32-characters-long";
export const ANON_KEY = jwt.sign({ role: "anon", iss: "supabase" }, SECRET, { expiresIn: "10y" });
const SUBJECT = randomUUID();

const fail = (res, error_code, msg, code = 400) => res.status(code).json({ code, error_code, msg });

// Starts the stub.
export function startSupabase() {
  return serve((url, lives) => {
    const known = new Map(), sessions = new Set(); // refresh token → { session, parent, revoked, ends }
    const issue = (session, parent) => {
      const token = randomBytes(9).toString("base64url");
      known.set(token, { session, parent, revoked: false, ends: now() + lives.refresh });
      return token;
    };
    const user = { id: SUBJECT, aud: "authenticated", role: "authenticated", email: USER.email, user_metadata: {} };
    const answer = (session, refresh_token) => {
      const life = lives.access;
      const claims = {
        iss: `${url}/auth/v1`, sub: SUBJECT, aud: "authenticated", email: USER.email, role: "authenticated", aal: "aal1",
        amr: [{ method: "password", timestamp: now() }], session_id: session, is_anonymous: false,
      };
      return {
        access_token: jwt.sign(claims, SECRET, { expiresIn: life }), token_type: "bearer", expires_in: life,
        expires_at: now() + life, refresh_token, user, weak_password: null,
      };
    };
    const grants = {
      password(req, res) {
        const { email, password } = req.body ?? {};
        if (!email) return fail(res, "validation_failed", "missing email or phone");
        if (email !== USER.email || password !== USER.password) return fail(res, "invalid_credentials", "Invalid login credentials");
        const session = randomUUID();
        sessions.add(session);
        res.json(answer(session, issue(session)));
      },
      refresh_token(req, res) {
        const token = req.body?.refresh_token, record = known.get(token);
        if (!token) return fail(res, "validation_failed", "refresh_token required");
        if (!record || !sessions.has(record.session)) {
          return fail(res, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
        }
        if (record.ends <= now()) return fail(res, "session_expired", "Invalid Refresh Token: Session Expired");
        if (record.revoked) {
          // The parent of the newest token is still good: it answers with the newest token.
          const newest = [...known].findLast(([, other]) => other.session === record.session);
          if (newest[1].parent === token) return res.json(answer(record.session, newest[0]));
          sessions.delete(record.session);
          return fail(res, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
        }
        record.revoked = true;
        res.json(answer(record.session, issue(record.session, token)));
      },
    };
    const site = express();
    site.use(express.json(), (req, res, next) => {
      const key = req.headers.apikey ?? req.query.apikey;
      if (!key) return res.status(401).json({ message: "No API key found in request", hint: "No `apikey` request header or url param was found." });
      if (key !== ANON_KEY) return res.status(401).json({ message: "Invalid API key", hint: "Double check your Supabase `anon` or `service_role` API key." });
      next();
    });
    site.post("/auth/v1/token", (req, res) => {
      const grant = grants[req.query.grant_type];
      if (!grant) return res.status(400).json({ error: "unsupported_grant_type" });
      grant(req, res);
    });
    const guard = (req, res, next) => {
      const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? "")?.[1];
      if (!token) return fail(res, "no_authorization", "This endpoint requires a valid Bearer token", 401);
      try {
        req.claims = jwt.verify(token, SECRET);
      } catch (error) {
        return fail(res, "bad_jwt", `invalid JWT: unable to parse or verify signature, ${error.message}`, 403);
      }
      if (!sessions.has(req.claims.session_id)) {
        return fail(res, "session_not_found", "Session from session_id claim in JWT does not exist", 403);
      }
      next();
    };
    site.get("/auth/v1/user", guard, (req, res) => res.json(user));
    site.post("/auth/v1/logout", guard, (req, res) => {
      sessions.delete(req.claims.session_id);
      res.sendStatus(204);
    });
    return { handler: site };
  });
}
