import io
import zipfile

from botsched.notify.files import PLAIN_BYTES, File, enclose


def a_file(name: str, size: int, media_type: str = "application/octet-stream") -> File:
    return File(name, media_type, bytes(n * n % 251 for n in range(size)))


def test_small_files_go_as_they_are():
    file = a_file("a.csv", PLAIN_BYTES, "text/csv")
    assert enclose([file], 5_000_000).files == (file,)


def test_large_ones_are_compressed_and_the_same_each_time():
    file = a_file("a.csv", PLAIN_BYTES + 1, "text/csv")
    (packed,) = enclose([file], 5_000_000).files
    assert (packed.name, packed.media_type) == ("a.csv.zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert archive.read("a.csv") == file.content
        assert archive.getinfo("a.csv").date_time == (1980, 1, 1, 0, 0, 0)
    assert enclose([file], 5_000_000).files == (packed,)


def test_pictures_are_not_compressed_once_more():
    picture = a_file("a.png", PLAIN_BYTES + 1, "image/png")
    assert enclose([picture], 5_000_000).files == (picture,)


def test_what_does_not_fit_in_all_is_named_and_what_does_goes_along():
    files = [a_file("a", 60), a_file("b", 50), a_file("c", 40)]
    enclosed = enclose(files, 100)
    assert enclosed.files == (files[0], files[2])
    assert enclosed.note == (
        "Not attached: b (50 bytes) would have made the mail larger than mail servers take."
    )
