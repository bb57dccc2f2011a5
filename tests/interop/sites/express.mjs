// Log in servers as developers write them with Express, cookie-parser and jsonwebtoken. Their tokens carry no `jti`.
// Owns: the usual shapes of requests and answers. Must not: run fob.

import cookieParser from "cookie-parser";
import express from "express";
import jwt from "jsonwebtoken";
import { USER, serve } from "./server.mjs";

export const ACCESS_SECRET = "express access secret 0123456789abcdef";
const REFRESH_SECRET = "express refresh secret 0123456789abcdef";

// The tokens of one server. A refresh token is good once: the server keeps those that it has issued and that are unused.
// Two access tokens of one second are the same text, because nothing else differs.
class Tokens {
  #good = new Set();
  #made = 0;

  constructor(lives) {
    this.lives = lives;
  }

  access() {
    return jwt.sign({ userId: USER.id, email: USER.email }, ACCESS_SECRET, { expiresIn: this.lives.access });
  }

  refresh() {
    this.#made += 1;
    const token = jwt.sign({ userId: USER.id, version: this.#made }, REFRESH_SECRET, { expiresIn: this.lives.refresh });
    this.#good.add(token);
    return token;
  }

  // Uses a token up. Returns false if it is expired, unknown, used or logged out.
  use(token) {
    const known = this.#good.delete(token);
    try {
      jwt.verify(token, REFRESH_SECRET);
      return known;
    } catch {
      return false;
    }
  }

  forget(token) {
    this.#good.delete(token);
  }
}

const knows = (name, password) => [USER.username, USER.email].includes(name) && password === USER.password;

// Lets a request pass with a good access token, and answers 401 otherwise. As usual, it compares the scheme with its case.
const guard = (req, res, next) => {
  const [scheme, token] = (req.headers.authorization ?? "").split(" ");
  if (scheme !== "Bearer" || !token) return res.status(401).json({ message: "No token provided" });
  try {
    req.user = jwt.verify(token, ACCESS_SECRET);
  } catch (error) {
    return res.status(401).json({ message: error.name === "TokenExpiredError" ? "Token expired" : "Invalid token" });
  }
  next();
};

function app() {
  const made = express();
  made.use(express.json(), cookieParser());
  made.get("/me", guard, (req, res) => res.json({ id: req.user.userId }));
  return made;
}

// { accessToken, refreshToken }, and the refresh token rotates.
function camel(tokens) {
  const site = app();
  site.post("/auth/login", (req, res) => {
    const { email, password } = req.body ?? {};
    if (!email || !password) return res.status(400).json({ message: "Email and password are required" });
    if (!knows(email, password)) return res.status(401).json({ message: "Invalid credentials" });
    res.json({ accessToken: tokens.access(), refreshToken: tokens.refresh() });
  });
  site.post("/auth/refresh", (req, res) => {
    const { refreshToken } = req.body ?? {};
    if (!refreshToken) return res.status(401).json({ message: "Refresh token required" });
    if (!tokens.use(refreshToken)) return res.status(403).json({ message: "Invalid refresh token" });
    res.json({ accessToken: tokens.access(), refreshToken: tokens.refresh() });
  });
  site.post("/auth/logout", (req, res) => {
    tokens.forget(req.body?.refreshToken);
    res.sendStatus(204);
  });
  return site;
}

// { success, data: { user, tokens… } }, as services with an envelope answer.
function nested(tokens) {
  const site = app(), fail = (res, status, message) => res.status(status).json({ success: false, message, data: null });
  const pair = () => ({ accessToken: tokens.access(), refreshToken: tokens.refresh(), expiresIn: tokens.lives.access });
  site.post("/api/v1/auth/login", (req, res) => {
    const { email, password } = req.body ?? {};
    if (!knows(email, password)) return fail(res, 401, "Invalid email or password");
    res.json({ success: true, data: { user: { id: USER.id, email: USER.email }, ...pair() } });
  });
  site.post("/api/v1/auth/refresh-token", (req, res) => {
    if (!tokens.use(req.body?.refreshToken)) return fail(res, 401, "Invalid or expired refresh token");
    res.json({ success: true, data: pair() });
  });
  site.post("/api/v1/auth/logout", (req, res) => {
    tokens.forget(req.body?.refreshToken);
    res.json({ success: true, data: null });
  });
  return site;
}

// { user, tokens: { access: { token, expires }, refresh: { token, expires } } }, and 204 after logging out.
function boilerplate(tokens) {
  const site = app(), fail = (res, code, message) => res.status(code).json({ code, message });
  const after = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();
  const pair = () => ({
    access: { token: tokens.access(), expires: after(tokens.lives.access) },
    refresh: { token: tokens.refresh(), expires: after(tokens.lives.refresh) },
  });
  site.post("/v1/auth/login", (req, res) => {
    if (!knows(req.body?.email, req.body?.password)) return fail(res, 401, "Incorrect email or password");
    res.json({ user: { id: USER.id, email: USER.email, role: "user" }, tokens: pair() });
  });
  site.post("/v1/auth/refresh-tokens", (req, res) => {
    if (!req.body?.refreshToken) return fail(res, 400, '"refreshToken" is required');
    if (!tokens.use(req.body.refreshToken)) return fail(res, 401, "Please authenticate");
    res.json(pair());
  });
  site.post("/v1/auth/logout", (req, res) => {
    tokens.forget(req.body?.refreshToken);
    res.sendStatus(204);
  });
  return site;
}

// { token } and nothing to refresh with.
function single(tokens) {
  const site = app();
  site.post("/login", (req, res) => {
    if (!knows(req.body?.username, req.body?.password)) return res.status(401).json({ error: "Invalid username or password" });
    res.json({ token: tokens.access() });
  });
  return site;
}

// { accessToken }, and the refresh token in a cookie that scripts cannot read.
function cookie(tokens) {
  const site = app(), options = { httpOnly: true, secure: true, sameSite: "strict", path: "/auth", maxAge: 604_800_000 };
  site.post("/auth/login", (req, res) => {
    if (!knows(req.body?.email, req.body?.password)) return res.status(401).json({ message: "Invalid credentials" });
    res.cookie("refreshToken", tokens.refresh(), options).json({ accessToken: tokens.access() });
  });
  site.post("/auth/refresh", (req, res) => {
    if (!req.cookies.refreshToken) return res.status(401).json({ message: "No refresh token" });
    if (!tokens.use(req.cookies.refreshToken)) return res.status(403).json({ message: "Invalid refresh token" });
    res.cookie("refreshToken", tokens.refresh(), options).json({ accessToken: tokens.access() });
  });
  site.post("/auth/logout", (req, res) => {
    tokens.forget(req.cookies.refreshToken);
    res.clearCookie("refreshToken", options).json({ message: "Logged out" });
  });
  return site;
}

const SHAPES = { camel, nested, boilerplate, single, cookie };

// Starts the server of one shape.
export function startExpress(shape) {
  return serve((_, lives) => ({ handler: SHAPES[shape](new Tokens(lives)) }));
}
