"""Would the service be taken as it stands in deploy/? Read by what reads it, and run where one folder may be written."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scraper.cli.run import run
from scraper.pipeline.exit_codes import MEANINGS

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def options(words: list[str]) -> dict[str, object]:
    """Give what `scraper run` understands of the words behind it; a word that it does not know is an error of click's."""
    return run.make_context("run", list(words)).params


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text(encoding="utf-8"))
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_image_has_one_volume_no_root_user_and_a_command_that_is_understood() -> None:
    final = instructions()[[number for number, (word, _) in enumerate(instructions()) if word == "FROM"][-1] :]
    said = dict(final)
    assert said["USER"].isdecimal()
    assert int(said["USER"]) > 0
    assert said["VOLUME"] == "/data"
    command = yaml.safe_load(said["CMD"])
    assert yaml.safe_load(said["ENTRYPOINT"]) == ["scraper"]
    given = options(command[1:])
    assert command[0] == "run"
    assert {str(given[name]).startswith("/data/") for name in ("sources_file", "db", "log_file")} == {True}


def test_the_image_is_made_of_files_that_are_there() -> None:
    copied = [words.split() for word, words in instructions() if word == "COPY" and "--from" not in words]
    assert [name for words in copied for name in words[:-1] if not (ROOT / name).exists()] == []
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    assert let_in == {name for words in copied for name in words[:-1]}


def test_the_service_starts_a_command_that_is_understood_and_is_shut_in() -> None:
    lines = dict(line.split("=", 1) for line in (DEPLOY / "scraper.service").read_text().splitlines() if re.match(r"\w+=", line))
    words = shlex.split(lines["ExecStart"])
    assert words[1] == "run"
    assert options(words[2:])["quiet"] is True
    assert {int(code) for code in lines["SuccessExitStatus"].split()} <= MEANINGS.keys()
    assert (lines["DynamicUser"], lines["ProtectSystem"], lines["NoNewPrivileges"]) == ("yes", "strict", "yes")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze to read the units as systemd does")
def test_systemd_takes_the_units_and_finds_them_safe(tmp_path: Path) -> None:
    text = (DEPLOY / "scraper.service").read_text().replace("/opt/scraper/bin/scraper", sys.executable)
    (tmp_path / "scraper.service").write_text(text)
    shutil.copy(DEPLOY / "scraper.timer", tmp_path)
    units = [str(tmp_path / name) for name in ("scraper.service", "scraper.timer")]
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, env=environment)
    assert [line for line in done.stderr.splitlines() if "scraper." in line] == []
    safe = ["systemd-analyze", "security", "--offline=yes", "--threshold=25", units[0]]
    done = subprocess.run(safe, capture_output=True, text=True, check=False, env=environment)
    if "unrecognized option" not in done.stderr:  # systemd before 250
        assert done.returncode == 0, done.stdout[-200:]


def test_the_cron_job_forbids_two_at_once_and_gives_a_command_that_is_understood() -> None:
    job, claim = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    assert (job["kind"], job["spec"]["concurrencyPolicy"], claim["spec"]["accessModes"]) == ("CronJob", "Forbid", ["ReadWriteOnce"])
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["securityContext"]["runAsNonRoot"] is True
    (script,) = container["args"]
    given = options(shlex.split(script.partition(";")[0])[2:])
    assert given["deadline_s"] < job["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {str(given["db"].parent), str(given["sources_file"].parent)} <= mounted  # type: ignore[attr-defined]
    for code, ends in ((0, 0), (1, 0), (6, 0), (4, 4), (5, 5)):
        shell = f"scraper() {{ return {code}; }}; {script}"
        assert subprocess.run(["sh", "-c", shell], check=False).returncode == ends


READ_ONLY = "mount --bind {data} {data} && mount -o remount,ro,bind / && mount -t tmpfs tmpfs /var/tmp && cd {data} && exec {command}"


def shut_in(command: str, data: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command where the whole root is read-only but for one folder, as in a container of ours."""
    script = READ_ONLY.format(data=shlex.quote(str(data)), command=command)
    words = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT), "HOME": "/nonexistent", "TMPDIR": "/var/tmp"}
    return subprocess.run(words, capture_output=True, text=True, check=False, env=environment)


def test_a_run_writes_nowhere_but_in_its_folder(tmp_path: Path) -> None:
    if shutil.which("unshare") is None or shut_in("true", tmp_path).returncode:
        pytest.skip("needs the right to make a mount namespace of its own")
    assert shut_in(f"touch {shlex.quote(str(tmp_path.parent))}/elsewhere", tmp_path).returncode != 0  # it is shut in
    entry = "{id: a, domain: 127.0.0.1, allow_private: true, feeds: ['http://127.0.0.1:9/feed.xml']}"
    (tmp_path / "sources.yaml").write_text(f"version: 1\nsources: [{entry}]\n")
    done = shut_in(f"{shlex.quote(sys.executable)} -m scraper run --quiet --db news.db --log scraper.log", tmp_path)
    assert (done.returncode, done.stderr) == (1, "scraper: 1 URL failed; scraper.log says which and why\n")
    assert {"news.db", "scraper.log"} <= {path.name for path in tmp_path.iterdir()}


def test_operations_says_what_to_do_about_every_exit_code() -> None:
    table = OPERATIONS.partition("## What ended how")[2].partition("**Is it running")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+)[ ,]", table, re.MULTILINE)} >= MEANINGS.keys()
