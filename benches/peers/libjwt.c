/* Verifies or makes many tokens with libjwt 1, and takes the time of the loop alone.
 *
 * usage: libjwt verify ALG KEY TOKENS
 *        libjwt mint SECRET CLAIMS
 *
 * KEY is a file: a secret, or a public key in PEM. TOKENS and CLAIMS have one item a line. Every signature, every algorithm and
 * every exp is checked; the first token that is refused ends the program with status 1.
 * New tokens go to standard output, "COUNT SECONDS" goes to standard error. */

#include <jwt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void fail(const char *message, const char *detail) {
    fprintf(stderr, "%s: %s\n", message, detail);
    exit(1);
}

/* Returns the content of a file with a zero byte after it, and its length. */
static char *content(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) fail("cannot read", path);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) fail("cannot read", path);
    fclose(file);
    text[size] = 0;
    *length = (size_t)size;
    return text;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Reports whether libjwt accepts the token. libjwt 1.10 does not compare exp with the clock, so this function does. */
static int verifies(const char *token, jwt_alg_t alg, const char *key, size_t key_length) {
    jwt_t *jwt = NULL;
    if (jwt_decode(&jwt, token, (const unsigned char *)key, (int)key_length)) return 0;
    int accepted = jwt_get_alg(jwt) == alg && jwt_get_grant_int(jwt, "exp") > (long)time(NULL);
    jwt_free(jwt);
    return accepted;
}

static char *mint(const char *claims, const char *key, size_t key_length) {
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) || jwt_add_grants_json(jwt, claims) ||
        jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)key, (int)key_length))
        fail("cannot sign", claims);
    char *token = jwt_encode_str(jwt);
    jwt_free(jwt);
    if (!token) fail("cannot sign", claims);
    return token;
}

int main(int count, char **words) {
    int is_mint = count == 4 && !strcmp(words[1], "mint");
    if (!is_mint && !(count == 5 && !strcmp(words[1], "verify")))
        fail("usage", "libjwt verify ALG KEY TOKENS | mint SECRET CLAIMS");
    jwt_alg_t alg = is_mint ? JWT_ALG_HS256 : jwt_str_alg(words[2]);
    size_t key_length, length;
    char *key = content(words[count - 2], &key_length);
    char *text = content(words[count - 1], &length);
    size_t lines = length && text[length - 1] != '\n'; /* the last line may lack its break */
    for (char *at = text; *at; at++) lines += *at == '\n';
    char **tokens = is_mint ? calloc(lines, sizeof *tokens) : NULL;
    char number[32];
    char *line = text;
    double start = now();
    for (size_t index = 0; index < lines; index++) {
        char *end = line + strcspn(line, "\n");
        *end = 0;
        if (is_mint) {
            tokens[index] = mint(line, key, key_length);
        } else if (!verifies(line, alg, key, key_length)) {
            snprintf(number, sizeof number, "line %zu", index + 1);
            fail("refused", number);
        }
        line = end + 1;
    }
    double seconds = now() - start;
    for (size_t index = 0; is_mint && index < lines; index++) puts(tokens[index]);
    fprintf(stderr, "%zu %.6f\n", lines, seconds);
    return 0;
}
