"""Samples of the reward service, made of what the frameworks hand to a reward function. Standard library only."""

import base64
import io
import pathlib

COLUMNS = ("id", "image_num", "tools", "split", "modality", "needs_pictures", "pictures", "data_source")
SIGNATURES = {b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def sample(answer, prompt, row):
    """A sample: an answer, its prompt (text or chat list; None: the row's question) and a row of a prompt set
    (docs/data.md), whose own columns win over those of its extra_info."""
    row = {**(row.get("extra_info") or {}), **{name: value for name, value in row.items() if value is not None}}
    made = {name: plain(row[name]) for name in COLUMNS if row.get(name) is not None}
    if made.get("modality") == "multimodal":  # verl's word for it
        made["modality"] = "mm"
    if "id" in made:
        made["id"] = str(made["id"])
    prompt = row.get("question") if prompt is None else prompt
    images = row.get("images")
    if images is None or len(images) == 0:
        images = images_in(prompt)
    if len(images):
        made["images"] = [image_text(image) for image in images]
    if prompt is not None:
        made["prompt"] = prompt if isinstance(prompt, str) else [{"role": each["role"], "content": said(each)} for each in prompt]
    return {**made, "answer": answer}


def said(message):
    """The text of a chat message, without its pictures."""
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text") or "" for part in content)


def images_in(prompt):
    """Pictures that lie in the messages of a chat themselves."""
    contents = [each.get("content") for each in prompt or [] if isinstance(each, dict)]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return [part["image"] for part in parts if part.get("image") is not None]


def image_text(image):
    """A data URI: as it is, or made of verl's {bytes, path}, bytes, a PIL picture or a file. A path that leads nowhere
    here stays one: the service has folders of its own."""
    if isinstance(image, dict):
        image = image.get("bytes") or image.get("path")
    if isinstance(image, str) and not image.startswith("data:") and pathlib.Path(image).is_file():
        image = pathlib.Path(image).read_bytes()
    if isinstance(image, str):
        return image
    if hasattr(image, "save"):
        file = io.BytesIO()
        image.save(file, "PNG")
        image = file.getvalue()
    kind = next((kind for start, kind in SIGNATURES.items() if image.startswith(start)), "png")
    return f"data:image/{kind};base64," + base64.b64encode(image).decode()


def plain(value):
    """numpy's arrays and numbers, which rows read from parquet hold, as JSON has them."""
    return value.tolist() if hasattr(value, "tolist") else value
