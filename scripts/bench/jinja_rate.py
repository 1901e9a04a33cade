"""How many templates a second Jinja2 itself renders: jinja_rate.py FILE SECONDS, for scripts/bench/rendering.ts.

Everything is compiled before, with the environment of each template's options; what is rendered is compared once.
"""

import base64
import hashlib
import json
import sys
import time

import jinja2


def value(tagged):
    if isinstance(tagged, list):
        return [value(each) for each in tagged]
    if not isinstance(tagged, dict):
        return tagged
    tag, content = next(iter(tagged.items()), (None, None))
    if tag == "$set":
        return {value(each) for each in content}
    if tag == "$float":
        return float(content)
    return {key: value(each) for key, each in tagged.items()}


def ini_escape(text):
    return str(text).replace("$", "$$")


@jinja2.pass_context
def derive_password(context, username, host=None):
    parts = [username or context["username"], host or context["host"], context.get("master_password", "")]
    return 'P$%s"' % hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]


@jinja2.pass_context
def render(context, path):
    return compiled[path].render(context.get_all())


def environment(options):
    known = {name: option for name, option in options.items() if name not in ("uses-service-user", "use-ini-password")}
    env = jinja2.Environment(**known)
    quote = lambda text: '"%s"' % ini_escape(text).replace('"', '\\"')
    env.filters.update(
        ini_escape=ini_escape,
        ini_quote=quote,
        quote=quote,
        b64enc=lambda text: base64.b64encode(text.encode()).decode(),
        sha256sum=lambda text: hashlib.sha256(text.encode()).hexdigest(),
        derive_password=derive_password,
        render=render,
    )
    env.globals.update(callable=callable)
    return env


def compile_source(source, options):
    return environment(options).from_string(source)


data = json.load(open(sys.argv[1]))
compiled = {path: compile_source(each["src"], each.get("opts", {})) for path, each in data["templates"].items()}
jobs = []
for case in data["cases"]:
    if "out" in case["expect"]:
        template = compile_source(case["src"], case.get("opts", {}))
        context = value(case["ctx"])
        assert template.render(context) == case["expect"]["out"], case["id"]
        jobs.append((template, context))

end = time.perf_counter() + float(sys.argv[2])
start, cpu = time.perf_counter(), time.process_time()
count = 0
while time.perf_counter() < end:
    for template, context in jobs:
        template.render(context)
    count += len(jobs)
print(count / (time.perf_counter() - start), 1e6 * (time.process_time() - cpu) / count, jinja2.__version__, sys.version.split()[0])
