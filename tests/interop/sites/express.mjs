// Log in servers as developers write them with Express, cookie-parser and jsonwebtoken. Their tokens carry no `jti`.
// Owns: the usual shapes of requests and answers. Must not: run fob.

import cookieParser from "cookie-parser";
import express from "express";
import jwt from "jsonwebtoken";
import { USER, now, serve } from "./server.mjs";

const ACCESS_SECRET = "express access secret 0123456789abcdef";
const REFRESH_SECRET = "express refresh secret 0123456789abcdef";

// The refresh tokens of one server. A token is good once: the server keeps those that it has issued and that are unused.
class RefreshTokens {
  #good = new Set();
  #made = 0;
  #life = "7d";

  // Lets the next refresh tokens be expired from the start.
  expireFromNow() {
    this.#life = -10;
  }

  issue() {
    this.#made += 1;
    const token = jwt.sign({ userId: USER.id, version: this.#made }, REFRESH_SECRET, { expiresIn: this.#life });
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

const accessToken = () => jwt.sign({ userId: USER.id, email: USER.email }, ACCESS_SECRET, { expiresIn: "15m" });
const knows = (name, password) => [USER.username, USER.email].includes(name) && password === USER.password;

// Lets a request pass with a good access token behind `scheme`, and answers 401 or 403 otherwise.
const guard = (scheme) => (req, res, next) => {
  const [said, token] = (req.headers.authorization ?? "").split(" ");
  if (said !== scheme || !token) return res.status(401).json({ message: "No token provided" });
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
  made.get("/me", guard("Bearer"), (req, res) => res.json({ id: req.user.userId }));
  return made;
}

// { accessToken, refreshToken }, and the refresh token rotates.
function camel(tokens) {
  const site = app();
  site.post("/auth/login", (req, res) => {
    const { email, password } = req.body ?? {};
    if (!email || !password) return res.status(400).json({ message: "Email and password are required" });
    if (!knows(email, password)) return res.status(401).json({ message: "Invalid credentials" });
    res.json({ accessToken: accessToken(), refreshToken: tokens.issue() });
  });
  site.post("/auth/refresh", (req, res) => {
    const { refreshToken } = req.body ?? {};
    if (!refreshToken) return res.status(401).json({ message: "Refresh token required" });
    if (!tokens.use(refreshToken)) return res.status(403).json({ message: "Invalid refresh token" });
    res.json({ accessToken: accessToken(), refreshToken: tokens.issue() });
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
  const pair = () => ({ accessToken: accessToken(), refreshToken: tokens.issue(), expiresIn: 900 });
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
  const pair = () => ({
    access: { token: accessToken(), expires: new Date(Date.now() + 900_000).toISOString() },
    refresh: { token: tokens.issue(), expires: new Date(Date.now() + 604_800_000).toISOString() },
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
function single() {
  const site = app();
  site.post("/login", (req, res) => {
    if (!knows(req.body?.username, req.body?.password)) return res.status(401).json({ error: "Invalid username or password" });
    res.json({ token: accessToken() });
  });
  return site;
}

// { accessToken }, and the refresh token in a cookie that scripts cannot read.
function cookie(tokens) {
  const site = app(), options = { httpOnly: true, secure: true, sameSite: "strict", path: "/auth", maxAge: 604_800_000 };
  site.post("/auth/login", (req, res) => {
    if (!knows(req.body?.email, req.body?.password)) return res.status(401).json({ message: "Invalid credentials" });
    res.cookie("refreshToken", tokens.issue(), options).json({ accessToken: accessToken() });
  });
  site.post("/auth/refresh", (req, res) => {
    if (!req.cookies.refreshToken) return res.status(401).json({ message: "No refresh token" });
    if (!tokens.use(req.cookies.refreshToken)) return res.status(403).json({ message: "Invalid refresh token" });
    res.cookie("refreshToken", tokens.issue(), options).json({ accessToken: accessToken() });
  });
  site.post("/auth/logout", (req, res) => {
    tokens.forget(req.cookies.refreshToken);
    res.clearCookie("refreshToken", options).json({ message: "Logged out" });
  });
  return site;
}

// As `cookie`, as a well-known course writes it: the cookie is `jwt`, and GET refreshes and logs out, without words.
function course(tokens) {
  const site = app(), options = { httpOnly: true, secure: true, sameSite: "none", maxAge: 86_400_000 };
  site.post("/auth", (req, res) => {
    const { user, pwd } = req.body ?? {};
    if (!user || !pwd) return res.status(400).json({ message: "Username and password are required." });
    if (!knows(user, pwd)) return res.sendStatus(401);
    res.cookie("jwt", tokens.issue(), options).json({ accessToken: accessToken() });
  });
  site.get("/refresh", (req, res) => {
    if (!req.cookies?.jwt) return res.sendStatus(401);
    if (!tokens.use(req.cookies.jwt)) return res.sendStatus(403);
    res.cookie("jwt", tokens.issue(), options).json({ accessToken: accessToken() });
  });
  site.get("/logout", (req, res) => {
    tokens.forget(req.cookies?.jwt);
    res.clearCookie("jwt", options).sendStatus(204);
  });
  return site;
}

const SHAPES = { camel, nested, boilerplate, single, cookie, course };

// Starts the server of one shape.
export function startExpress(shape) {
  return serve(() => {
    const tokens = new RefreshTokens();
    return { handler: SHAPES[shape](tokens), tokens };
  });
}
